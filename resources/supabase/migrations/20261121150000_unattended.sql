-- A station that has no screen, and is not to have one: a bar that works from paper. Nobody is told
-- that its orders are on no screen.
alter table public.stations add column unattended boolean;

-- Rows that were there get it by an update, so that the log tells of it.
update public.stations set unattended = false;

alter table public.stations
    alter column unattended set default false,
    alter column unattended set not null;
