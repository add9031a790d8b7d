"""Pages, JSON and what a person does on them: server-rendered, live by WebSocket, the same in both deployments."""
