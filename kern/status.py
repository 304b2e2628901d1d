"""A status field that only a transition can change.

django-fsm protects a status against ``obj.status = "x"`` on a loaded field, but leaves ways round: the constructor,
a deferred field, ``QuerySet.update`` and ``bulk_update``; and its refresh mixin lifts the protection for the whole
process while one thread refreshes. Here the protection belongs to the instance: it is open only while Django itself
fills the row (constructor from the database, refresh), and shut from then on.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django_fsm import FSMField, FSMFieldDescriptor

_SLOT = "_status_slot"


class StatusDescriptor(FSMFieldDescriptor):
    def __set__(self, instance: Any, value: Any) -> None:
        if instance.__dict__.get(_SLOT, False):
            raise AttributeError(
                f"{type(instance).__name__}.{self.field.name} verandert alleen door een overgang"
                " (kern.services.overgang)."
            )
        self.field.set_state(instance, value)


class StatusVeld(FSMField):
    """``FSMField`` whose value no code can assign."""

    descriptor_class = StatusDescriptor


def statusvelden(model: type[models.Model]) -> set[str]:
    """Names of the protected fields of a model."""
    return {veld.attname for veld in model._meta.concrete_fields if isinstance(veld, StatusVeld)}


class StatusQuerySet(models.QuerySet):
    """Refuses the bulk ways round a transition."""

    def update(self, **kwargs: Any) -> int:
        self._weiger(set(kwargs))
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        self._weiger(set(fields))
        return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def _weiger(self, velden: set[str]) -> None:
        dicht = velden & statusvelden(self.model)
        if dicht:
            raise FieldError(f"{', '.join(sorted(dicht))} verandert alleen door een overgang (kern.services.overgang).")


class StatusModel(models.Model):
    """Base of every model with a state machine."""

    #: Every subclass has a ``StatusVeld`` of this name, with choices.
    status: Any

    objects = StatusQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        for veld in type(self)._meta.concrete_fields:
            if isinstance(veld, StatusVeld) and kwargs.get(veld.attname, veld.get_default()) != veld.get_default():
                raise FieldError(f"{type(self).__name__} begint altijd in de beginstatus; gebruik een overgang.")
        super().__init__(*args, **kwargs)
        self.__dict__[_SLOT] = True

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        self.__dict__[_SLOT] = False
        try:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        finally:
            self.__dict__[_SLOT] = True
