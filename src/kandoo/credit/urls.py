"""Addresses of public money."""

from django.urls import path

from kandoo.credit.views import contracts, lines, moves, orders, plans, years

app_name = "credit"
urlpatterns = [
    path("", lines.home, name="home"),
    path("years/new/", years.year_new, name="year_new"),
    path("<int:year>/", lines.year, name="year"),
    path("<int:year>/laws/", years.laws, name="laws"),
    path("<int:year>/laws/new/", years.amendment_new, name="amendment_new"),
    path("<int:year>/ceilings/new/", years.rule_new, name="rule_new"),
    path("<int:year>/end/", years.year_end, name="year_end"),
    path("<int:year>/lines/new/", lines.line_new, name="line_new"),
    path("<int:year>/lines/import/", lines.lines_import, name="lines_import"),
    path("lines/template.<str:form>", lines.lines_template, name="lines_template"),
    path("lines/<int:pk>/", lines.line, name="line"),
    path("lines/<int:pk>/allocate/", moves.allocate, name="allocate"),
    path("lines/<int:pk>/return/", moves.give_back, name="return"),
    path("lines/<int:pk>/amend/", moves.amend, name="amend"),
    path("lines/<int:pk>/commit/", moves.commit, name="commit"),
    path("lines/<int:pk>/close/", years.line_close, name="close"),
    path("lines/<int:pk>/letter.pdf", years.letter, name="letter"),
    path("movements/<int:pk>/", moves.movement, name="movement"),
    path("commitments/<int:pk>/", moves.commitment, name="commitment"),
    path("commitments/<int:pk>/release/", moves.release, name="release"),
    path("commitments/<int:pk>/refund/", moves.refund, name="refund"),
    path("commitments/<int:pk>/invoice/", orders.invoice_new, name="invoice_new"),
    path("commitments/<int:pk>/advance/", orders.advance_new, name="advance_new"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/pay/", orders.pay, name="pay"),
    path("orders/<int:pk>/back/", orders.send_back, name="order_back"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contracts.contract_new, name="contract_new"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("phases/<int:pk>/deliver/", contracts.deliver, name="deliver"),
    path("phases/<int:pk>/confirm/", contracts.confirm, name="confirm"),
    path("phases/<int:pk>/back/", contracts.phase_back, name="phase_back"),
    path("phases/<int:pk>/pay/", orders.phase_order_new, name="phase_order_new"),
    path("activities/", plans.activities, name="activities"),
    path("activities/new/", plans.activity_new, name="activity_new"),
    path("activities/<int:pk>/", plans.activity, name="activity"),
    path("activities/<int:pk>/done/", plans.activity_done, name="activity_done"),
    path("payees/", plans.payees, name="payees"),
    path("payees/new/", plans.payee_new, name="payee_new"),
]
