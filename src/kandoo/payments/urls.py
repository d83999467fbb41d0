"""Addresses of payments."""

from django.urls import path

from kandoo.payments.views import accounts, answers, files, lines, runs, steps

app_name = "payments"
urlpatterns = [
    path("", lines.index, name="payments"),
    path("export.<str:form>", lines.export, name="export"),
    path("<int:pk>/", lines.line_page, name="line"),
    path("<int:pk>/return/", lines.give_back, name="line_return"),
    path("<int:pk>/hold/", steps.hold, name="line_hold"),
    path("<int:pk>/release/", steps.release, name="line_release"),
    path("runs/new/", runs.new, name="run_new"),
    path("runs/<int:pk>/", runs.run_page, name="run"),
    path("runs/<int:pk>/lines.<str:form>", runs.lines_file, name="run_lines"),
    path("runs/<int:pk>/bank-file.<str:form>", files.bank_file, name="run_file"),
    path("runs/<int:pk>/list.pdf", files.signature_list, name="run_list"),
    path("runs/<int:pk>/refresh/", steps.refresh, name="run_refresh"),
    path("runs/<int:pk>/propose/", steps.propose, name="run_propose"),
    path("runs/<int:pk>/approve/", steps.approve, name="run_approve"),
    path("runs/<int:pk>/send-back/", steps.send_back, name="run_send_back"),
    path("runs/<int:pk>/cancel/", steps.cancel, name="run_cancel"),
    path("runs/<int:pk>/remark/", steps.remark, name="run_remark"),
    path("account/", accounts.paying_account, name="account"),
    path("answers/", answers.answers, name="answers"),
    path("answers/import/", answers.import_file, name="answer_import"),
    path("answers/template.<str:form>", answers.template, name="answer_template"),
    path("answers/<int:pk>/", answers.answer, name="answer"),
    path("unmatched/", answers.unmatched, name="unmatched"),
    path("unmatched/<int:pk>/", answers.row, name="bank_row"),
    path("unmatched/<int:pk>/strange/", answers.strange, name="bank_row_strange"),
]
