"""The addresses of the portal, with the living page of components that is otherwise there in debug mode only."""

from django.urls import path

from config.styleguide.views import styleguide
from config.urls import urlpatterns as portal

urlpatterns = [*portal, path("styleguide/", styleguide, name="styleguide")]
handler404 = "config.errors.page_not_found"
