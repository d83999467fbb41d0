"""What `kandoo run` is made of: the data folder, the steps before serving, the web server, the supervisor."""
