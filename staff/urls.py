"""The addresses of this room. Of allauth's only what is needed: no sign-up, no password by mail, no e-mail pages."""

from django.urls import path

from staff.views import access_log, account, people, properties, proving, second_factors, signing_in

urlpatterns = [
    path("account/sign-in/", signing_in.account_login, name="account_login"),
    path("account/sign-in/code/", signing_in.mfa_authenticate, name="mfa_authenticate"),
    path("account/sign-in/passkey/", signing_in.mfa_login_webauthn, name="mfa_login_webauthn"),
    path("account/sign-out/", signing_in.account_logout, name="account_logout"),
    path("enrol/<str:token>/", signing_in.enrol, name="enrol"),
    path("language/", signing_in.language, name="language"),
    path("step-up/", proving.step_up, name="step_up"),
    path("unlock/", proving.unlock, name="unlock"),
    path("shift/", account.shift, name="shift"),
    path("shift/close/", account.shift_close, name="shift_close"),
    path("me/", account.my_account, name="my_account"),
    path("me/password/", account.account_change_password, name="account_change_password"),
    path("me/sessions/", account.my_sessions, name="my_sessions"),
    path("me/second-factors/", second_factors.second_factors, name="second_factors"),
    path("me/second-factors/start/", second_factors.second_factor_start, name="second_factor_start"),
    path("me/second-factors/app/", second_factors.totp_add, name="totp_add"),
    path("me/second-factors/passkey/", second_factors.passkey_add, name="passkey_add"),
    path("me/second-factors/<int:number>/remove/", second_factors.second_factor_remove, name="second_factor_remove"),
    path("me/recovery-codes/", second_factors.recovery_codes, name="recovery_codes"),
    path("me/recovery-codes/renew/", second_factors.recovery_codes_renew, name="recovery_codes_renew"),
    path("properties/", properties.properties, name="properties"),
    path("properties/new/", properties.property_new, name="property_new"),
    path("properties/<slug:code>/", properties.property_edit, name="property_edit"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<slug:staff_number>/", people.person, name="person"),
    path("people/<slug:staff_number>/edit/", people.person_edit, name="person_edit"),
    path("people/<slug:staff_number>/posts/", people.person_posts, name="person_posts"),
    path("people/<slug:staff_number>/enrolment/", people.person_enrolment, name="person_enrolment"),
    path("people/<slug:staff_number>/reset/", people.person_reset, name="person_reset"),
    path("people/<slug:staff_number>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<slug:staff_number>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("access-log/mine/", access_log.own_lines, name="own_lines"),
    path("access-log/export/", access_log.log_export, name="log_export"),
]
