package shared.roles

readers := {"clerk", "auditor"}
