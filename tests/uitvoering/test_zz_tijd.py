import time, pytest
from datetime import datetime, UTC
from regeling.services.catalogus import regelingen_laden
from regeling.models import Regeling
from uitvoering.simulatie import Simulatie
@pytest.mark.django_db
@pytest.mark.parametrize("sleutel", ["esf-e-2008", "esf-e-voucher-2011", "ser-mkb"])
def test_tijd(sleutel):
    regelingen_laden(pad=None, actor=None, op=datetime(2006,1,1,tzinfo=UTC))
    for fase in ("indienen", "verdelen", "besluiten", "vaststellen"):
        t = time.time()
        s = Simulatie(regeling=Regeling.objects.get(sleutel=sleutel), aantal=30, aanvragers=27, zaad=3)
        tv = s.speel(fase)
        print(sleutel, fase, round(time.time()-t,1), s.trechter(tv), dict(__import__("aanvragen.selectors",fromlist=["x"]).tijdvak_cijfers(tv).per_status))
