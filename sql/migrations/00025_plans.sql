-- +goose Up

-- What the planner has to know of the views: a template costs as much as a hundred
-- comparisons, and name servers are found by the name that is shown.
ALTER FUNCTION path_template(text) COST 1000;
CREATE INDEX name_servers_shown ON name_servers (printable(host));
