alter table client add column may_act_client_id text;
