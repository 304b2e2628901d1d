"""How forms look (:mod:`weergave`) and the fields that read what Dutch people type (:mod:`velden`)."""
