alter table realm add column client_registration text;
alter table client add column about text;
alter table client add column origin text;

-- How many there are, and which.
create index client_dynamically_registered on client (realm_id, client_id) where dynamically_registered;
