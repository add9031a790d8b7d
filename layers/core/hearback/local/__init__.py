"""The embedded deployment: one process that calls the functions/ handlers as AWS would, wired from template.yaml."""
