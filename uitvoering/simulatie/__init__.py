"""Plays a whole round through the services, with invented applicants and its own clock."""

from uitvoering.simulatie.ronde import FASEN, Simulatie, Trechter

__all__ = ["FASEN", "Simulatie", "Trechter"]
