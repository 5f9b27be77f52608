"""The addresses of guests' requests. The name of each is the name of its view and of its template."""

from django.urls import path

from privacy.views import consents, figures, paper_cards, processors, public_texts, reviews

urlpatterns = [
    path("stays/<slug:reference>/consents/", consents.consents, name="consents"),
    path(
        "stays/<slug:reference>/consents/<int:position>/preferences/text/",
        consents.consent_preferences,
        name="consent_preferences",
    ),
    path("stays/<slug:reference>/consents/<int:position>/<slug:about>/", consents.consent_new, name="consent_new"),
    path("stays/<slug:reference>/consents/<int:position>/<slug:about>/end/", consents.consent_end, name="consent_end"),
    path("stays/<slug:reference>/paper/", paper_cards.paper_card_new, name="paper_card_new"),
    path("paper-cards/", paper_cards.paper_cards, name="paper_cards"),
    path("paper-cards/<int:number>/", paper_cards.paper_card, name="paper_card"),
    path("processors/", processors.processors, name="processors"),
    path("processors/new/", processors.processor_new, name="processor_new"),
    path("processors/<int:number>/", processors.processor, name="processor"),
    path("processors/<int:number>/edit/", processors.processor_edit, name="processor_edit"),
    path("told/<int:number>/told/", processors.told_mark, name="told_mark"),
    path("told/<int:number>/confirmed/", processors.told_confirm, name="told_confirm"),
    path("requests/figures/", figures.request_figures, name="request_figures"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/new/", reviews.review_new, name="review_new"),
    path("reviews/<int:number>/", reviews.review, name="review"),
    path("findings/<int:number>/done/", reviews.finding_done, name="finding_done"),
    path("consent/", consents.consent_withdraw, name="consent_withdraw"),
    path("consent/received/", consents.consent_received, name="consent_received"),
    path("privacy/", public_texts.privacy_notice, name="privacy_notice"),
    path("retention/", public_texts.retention_summary, name="retention_summary"),
]
