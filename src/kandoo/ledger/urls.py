"""Addresses of the books."""

from django.urls import path

from kandoo.ledger.views import journal, parties, periods, vouchers

app_name = "ledger"
urlpatterns = [
    path("journal/", journal.journal, name="journal"),
    path("journal/export.<str:form>", journal.export, name="journal_export"),
    path("journal/<int:pk>/", journal.entry, name="entry"),
    path("journal/<int:pk>/reverse/", journal.reverse_entry, name="entry_reverse"),
    path("statement/", parties.own, name="statement"),
    path("parties/", parties.parties, name="parties"),
    path("parties/export.<str:form>", parties.parties_export, name="parties_export"),
    path("parties/<int:pk>/", parties.party, name="party"),
    path("parties/<int:pk>/statement-<str:language>.pdf", parties.statement_pdf, name="statement_pdf"),
    path("parties/<int:pk>/statement.<str:form>", parties.statement_export, name="statement_export"),
    path("open-items/", parties.open_items, name="open_items"),
    path("open-items/export.<str:form>", parties.open_items_export, name="open_items_export"),
    path("trial-balance/", periods.trial_balance, name="trial_balance"),
    path("trial-balance/export.<str:form>", periods.trial_balance_export, name="trial_balance_export"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("vouchers/", vouchers.vouchers, name="vouchers"),
    path("vouchers/export.<str:form>", vouchers.vouchers_export, name="vouchers_export"),
    path("vouchers/new/", vouchers.new_voucher, name="voucher_new"),
    path("vouchers/import/", vouchers.voucher_import, name="voucher_import"),
    path("vouchers/template.<str:form>", vouchers.voucher_template, name="voucher_template"),
    path("vouchers/<int:pk>/", vouchers.voucher, name="voucher"),
    path("vouchers/<int:pk>/scan/", vouchers.voucher_scan, name="voucher_scan"),
]
