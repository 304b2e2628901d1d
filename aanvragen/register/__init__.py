"""The trade register (Handelsregister) by the form of the KvK API (R93): shapes, reading, asking, and a stand-in."""
