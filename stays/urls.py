"""The addresses of the front desk. The name of each is the name of its view and of its template."""

from django.urls import path

from stays.views import (
    bills,
    cards,
    cases,
    check_in,
    departures,
    desk,
    drafts,
    expected,
    reading,
    roll_call,
    rooms,
    stays,
)

urlpatterns = [
    path("", desk.home, name="home"),
    path("desk/", desk.front_desk, name="front_desk"),
    path("desk/search/", desk.search, name="search"),
    path("desk/purpose/", desk.purpose, name="purpose"),
    path("roll-call/", roll_call.roll_call, name="roll_call"),
    path("stays/new/", expected.expected_stay, name="expected_stay"),
    path("stays/walk-in/", check_in.walk_in, name="walk_in"),
    path("stays/<slug:reference>/", stays.stay, name="stay"),
    path("stays/<slug:reference>/check-in/", check_in.check_in, name="check_in"),
    path("stays/<slug:reference>/check-out/", departures.check_out, name="check_out"),
    path("stays/<slug:reference>/reverse/", departures.reverse, name="reverse"),
    path("stays/<slug:reference>/reinstate/", departures.reinstate, name="reinstate"),
    path("stays/<slug:reference>/bill/", bills.bill, name="bill"),
    path("stays/<slug:reference>/card/", cards.registration_card, name="registration_card"),
    path("guests/<uuid:subject>/", stays.guest_history, name="guest_history"),
    path("reveal/<uuid:envelope>/<slug:field>/", stays.reveal, name="reveal"),
    path("recognise/", reading.recognise, name="recognise"),
    path("free-rooms/", reading.free_rooms, name="free_rooms"),
    path("drafts/<slug:form>/", drafts.draft, name="draft"),
    path("cases/", cases.desk_cases, name="desk_cases"),
    path("cases/new/", cases.desk_case_new, name="desk_case_new"),
    path("cases/<slug:number>/close/", cases.desk_case_close, name="desk_case_close"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/new/", rooms.room_new, name="room_new"),
    path("rooms/<str:number>/", rooms.room, name="room"),
    path("rooms/<str:number>/state/", rooms.room_state, name="room_state"),
    path("notices/<int:version>/", cards.notice, name="notice"),
]
