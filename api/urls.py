from django.urls import URLPattern, URLResolver, include, path, re_path

import assessments.urls  # noqa: F401 -- registers <question:…>
from api.endpoints import nowhere, resource
from api.views import (
    actions,
    childdata,
    deeds,
    docs,
    documents,
    facilities,
    figures,
    findings,
    meetings,
    own,
    questions,
    regulations,
    reports,
    routes,
    stages,
    taskforce,
    tokens,
    trail,
    uploads,
    ways,
    webhooks,
    years,
)

app_name = "api"

SERVICES = "kota/<slug:city_slug>/layanan/"
WEBHOOKS = "kota/<slug:city_slug>/webhook/"
CITY = "cities/<slug:city_slug>/"
YEAR = f"{CITY}years/<int:year>/"
QUESTION = f"{YEAR}questions/<question:code>/"
PLAN = f"{CITY}action-plans/<int:plan>/"
FACILITY = f"{CITY}facilities/<int:facility>/"
CHILD_DATA = f"{CITY}child-data/<int:data_year>/"

endpoint_urls: list[URLPattern | URLResolver] = [
    path("notifications/", own.notifications, name="notifications"),
    path("cities/", years.cities, name="cities"),
    path(f"{CITY}history/", years.history, name="history"),
    path(f"{CITY}leadership/", figures.leadership, name="leadership"),
    path(f"{CITY}trail/", trail.city_trail, name="city_trail"),
    path(f"{CITY}years/", years.years, name="years"),
    path(YEAR, years.year_detail, name="year_detail"),
    path(f"{YEAR}indicators/", years.indicators, name="indicators"),
    path(f"{YEAR}opds/", years.opds, name="opds"),
    path(f"{YEAR}checks/", years.checks, name="year_checks"),
    path(f"{YEAR}completion-windows/", years.windows, name="completion_windows"),
    path(f"{YEAR}pace/", figures.pace, name="pace"),
    path(f"{YEAR}remaining/", figures.remaining, name="remaining"),
    path(f"{YEAR}trail/", trail.year_trail, name="year_trail"),
    path(f"{YEAR}pathway/", ways.pathway, name="pathway"),
    path(f"{YEAR}plans/", ways.saved_plans, name="saved_plans"),
    path(f"{YEAR}plans/<int:saved_plan>/", ways.saved_plan, name="saved_plan"),
    path(f"{YEAR}what-if/", ways.what_if, name="what_if"),
    path(f"{YEAR}scenarios/", ways.scenarios, name="scenarios"),
    path(f"{YEAR}scenarios/compared/", ways.compared, name="compared_scenarios"),
    path(f"{YEAR}forecast/", ways.forecast, name="forecast"),
    path(f"{YEAR}stages/", stages.stages, name="stages"),
    path(f"{YEAR}snapshots/", stages.snapshots, name="snapshots"),
    path(f"{YEAR}snapshots/<int:snapshot>/", stages.snapshot, name="snapshot"),
    path(f"{YEAR}questions/", questions.questions, name="questions"),
    path(QUESTION, questions.question, name="question"),
    path(f"{QUESTION}claim/", resource(put=deeds.CLAIM), name="claim"),
    path(f"{QUESTION}official/", resource(put=deeds.OFFICIAL), name="official"),
    path(
        f"{QUESTION}comments/",
        resource(get=questions.READ_COMMENTS, post=deeds.COMMENT),
        name="comments",
    ),
    path(f"{QUESTION}documents/", resource(post=deeds.DOCUMENT), name="document_upload"),
    path(f"{QUESTION}uploads/", uploads.uploads, name="upload_create"),
    path(f"{QUESTION}uploads/<uuid:pk>/", uploads.upload, name="upload_part"),
    path(f"{YEAR}offers/", documents.offers, name="offers"),
    path(f"{YEAR}offers/<int:pk>/verdict/", resource(put=deeds.VERDICT), name="verdict"),
    path(f"{YEAR}units/", reports.units, name="units"),
    path(f"{YEAR}units/<question:unit>/", reports.unit, name="unit"),
    path(f"{YEAR}units/<question:unit>/send/", reports.send, name="reports_send"),
    path(
        f"{YEAR}units/<question:unit>/reports/<question:criterion>/", reports.report, name="report"
    ),
    path(f"{CITY}documents/<uuid:pk>/", documents.document, name="document"),
    path(f"{CITY}documents/<uuid:pk>/content/", documents.content, name="content"),
    path(f"{CITY}facilities/", facilities.facilities, name="facilities"),
    path(FACILITY, facilities.facility, name="facility"),
    path(f"{FACILITY}documents/", facilities.documents, name="facility_documents"),
    path(f"{FACILITY}documents/<uuid:pk>/content/", facilities.content, name="facility_content"),
    path(f"{CITY}findings/", findings.findings, name="findings"),
    path(f"{CITY}findings/<int:finding>/photo/", findings.photo, name="finding_photo"),
    path(f"{CITY}routes/", routes.routes, name="routes"),
    path(f"{CITY}routes/<int:route>/", routes.route, name="route"),
    path(f"{CITY}regulations/", regulations.regulations, name="regulations"),
    path(f"{CITY}action-plans/", actions.plans, name="plans"),
    path(f"{PLAN}actions/", actions.actions, name="actions"),
    path(f"{PLAN}links/", actions.links, name="plan_links"),
    path(f"{PLAN}years/<int:plan_year>/checks/", actions.plan_checks_of_year, name="plan_checks"),
    path(f"{PLAN}years/<int:plan_year>/budget/", actions.budget, name="plan_budget"),
    path(f"{PLAN}years/<int:plan_year>/", actions.plan_year, name="plan_year"),
    path(CHILD_DATA, childdata.variables, name="child_data"),
    path(f"{CHILD_DATA}open/", childdata.open_counts, name="child_data_open"),
    path(f"{CHILD_DATA}variables/<slug:variable>/", childdata.table, name="child_table"),
    path(
        f"{CHILD_DATA}variables/<slug:variable>/units/<question:unit>/",
        childdata.table_of_unit,
        name="child_table_unit",
    ),
    path(f"{CITY}meetings/", meetings.meetings, name="meetings"),
    path(f"{CITY}decrees/", taskforce.decrees, name="decrees"),
    path(f"{CITY}decrees/<int:decree>/", taskforce.decree, name="decree"),
    path(f"{CITY}commitments/", taskforce.commitments, name="commitments"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(endpoint_urls)),
    path("api/", docs.docs, name="docs"),
    path("api/v1/openapi.json", docs.openapi, name="openapi"),
    re_path(r"^api/v1/(?P<rest>[\s\S]*)$", nowhere, name="nowhere"),
    path("akun/token/", tokens.token_list, name="token_list"),
    path("akun/token/buat/", tokens.token_create, name="token_create"),
    path("akun/token/<int:pk>/cabut/", tokens.token_revoke, name="token_revoke"),
    path(SERVICES, tokens.service_list, name="service_list"),
    path(f"{SERVICES}tambah/", tokens.service_create, name="service_create"),
    path(f"{SERVICES}<int:pk>/token/", tokens.service_token_create, name="service_token_create"),
    path(
        f"{SERVICES}<int:pk>/token/<int:token_pk>/cabut/",
        tokens.service_token_revoke,
        name="service_token_revoke",
    ),
    path(WEBHOOKS, webhooks.webhook_list, name="webhook_list"),
    path(f"{WEBHOOKS}tambah/", webhooks.webhook_create, name="webhook_create"),
    path(f"{WEBHOOKS}<int:pk>/", webhooks.webhook_detail, name="webhook_detail"),
    path(f"{WEBHOOKS}<int:pk>/ubah/", webhooks.webhook_edit, name="webhook_edit"),
    path(f"{WEBHOOKS}<int:pk>/rahasia/", webhooks.webhook_renew, name="webhook_renew"),
    path(f"{WEBHOOKS}<int:pk>/jeda/", webhooks.webhook_pause, name="webhook_pause"),
    path(f"{WEBHOOKS}<int:pk>/lanjut/", webhooks.webhook_resume, name="webhook_resume"),
    path(f"{WEBHOOKS}<int:pk>/hapus/", webhooks.webhook_delete, name="webhook_delete"),
    path(
        f"{WEBHOOKS}<int:pk>/kirim-ulang/<int:delivery_pk>/",
        webhooks.delivery_resend,
        name="delivery_resend",
    ),
]
