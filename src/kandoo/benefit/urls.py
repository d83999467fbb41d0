app_name = "benefit"
urlpatterns: list = []
