"""Buying together: the catalogue, rounds with needs and sealed quotations, plans, goods and bills."""

from kandoo.buying.models.catalogue import CollectionPoint, Item
from kandoo.buying.models.goods import Arrival, Bill, Deposit, HandOut, Invoice, OrderLine, PurchaseOrder, Return
from kandoo.buying.models.needs import Need, NeedPrice, NeedVersion
from kandoo.buying.models.plans import Consent, Plan, PlanLine, SupplierPart
from kandoo.buying.models.quotations import Certificate, Quotation, QuotationLine, QuotationPlace
from kandoo.buying.models.rounds import Round, RoundItem, RoundPlace, Substitute

__all__ = [
    "Arrival", "Bill", "Certificate", "CollectionPoint", "Consent", "Deposit", "HandOut", "Invoice", "Item", "Need", "NeedPrice",
    "NeedVersion", "OrderLine", "Plan", "PlanLine", "PurchaseOrder", "Quotation", "QuotationLine", "QuotationPlace",
    "Return", "Round", "RoundItem", "RoundPlace", "Substitute", "SupplierPart",
]  # fmt: skip
