-- The restaurant. Columns, names and types are those of kds/domain/rows.py: a row on the wire
-- is to_jsonb(row) under TimeZone UTC. Money and stock are integers; no column is a float.
-- `id` is unique within a branch; history keeps names and prices, so it refers to no menu.

create table public.branches (
    id text not null,
    branch_id uuid not null,
    name text not null,
    currency text not null,
    timezone text not null,
    primary key (branch_id, id),
    check (id = branch_id::text)
);

create table public.stations (
    id text not null,
    branch_id uuid not null,
    name text not null,
    position integer not null,
    categories jsonb not null default '[]',
    warn_after_s integer not null default 300,
    late_after_s integer not null default 480,
    primary key (branch_id, id)
);

create table public.staff (
    id text not null,
    branch_id uuid not null,
    name text not null,
    role text not null check (role in ('kitchen', 'pos', 'manager')),
    active boolean not null default true,
    primary key (branch_id, id)
);

create table public.devices (
    id text not null,
    branch_id uuid not null,
    name text not null,
    role text not null check (role in ('kitchen', 'pos', 'manager')),
    letter text not null,
    primary key (branch_id, id),
    unique (id),
    unique (branch_id, letter)
);

create table public.menu_items (
    id text not null,
    branch_id uuid not null,
    name text not null,
    category text not null,
    position integer not null,
    variants jsonb not null,
    allergens jsonb not null default '[]',
    out_since timestamptz,
    primary key (branch_id, id)
);

create table public.modifiers (
    id text not null,
    branch_id uuid not null,
    name text not null,
    kind text not null check (kind in ('add', 'remove')),
    price integer not null,
    categories jsonb not null default '[]',
    primary key (branch_id, id)
);

create table public.stock_items (
    id text not null,
    branch_id uuid not null,
    name text not null,
    unit text not null check (unit in ('g', 'ml', 'pcs')),
    level bigint not null,
    low_level bigint not null,
    par_level bigint not null,
    primary key (branch_id, id)
);

create table public.recipes (
    id text not null,
    branch_id uuid not null,
    item_id text not null,
    variant text not null,
    stock_item_id text not null,
    qty integer not null check (qty > 0),
    primary key (branch_id, id),
    check (id = item_id || ':' || variant || ':' || stock_item_id)
);
create index recipes_by_item on public.recipes (branch_id, item_id);

create table public.orders (
    id text not null,
    branch_id uuid not null,
    device_id text not null,
    number text not null,
    type text not null check (type in ('dine_in', 'takeaway', 'delivery')),
    table_name text not null default '',
    customer text not null default '',
    server text not null default '',
    note text not null default '',
    rush boolean not null default false,
    state text not null default 'open' check (state in ('open', 'closed', 'void')),
    total bigint not null default 0,
    paid bigint not null default 0,
    placed_at timestamptz not null,
    ready_at timestamptz,
    closed_at timestamptz,
    archived_at timestamptz,
    primary key (branch_id, id)
);
create index orders_in_window on public.orders (branch_id, id) where archived_at is null;
create index orders_by_time on public.orders (placed_at, branch_id);

create table public.order_lines (
    id text not null,
    branch_id uuid not null,
    order_id text not null,
    position integer not null,
    item_id text not null,
    name text not null,
    variant text not null default '',
    qty integer not null check (qty > 0),
    price integer not null check (price >= 0),
    modifiers jsonb not null default '[]',
    note text not null default '',
    course integer not null default 1,
    seat integer,
    station_id text not null default '',
    state text not null default 'sent' check (state in ('sent', 'started', 'ready', 'void')),
    sent_at timestamptz not null,
    started_at timestamptz,
    ready_at timestamptz,
    voided_at timestamptz,
    void_reason text not null default '',
    archived_at timestamptz,
    primary key (branch_id, id),
    foreign key (branch_id, order_id) references public.orders on delete cascade
);
create index order_lines_by_order on public.order_lines (order_id, branch_id);
create index order_lines_in_window on public.order_lines (branch_id, id) where archived_at is null;

create table public.payments (
    id text not null,
    branch_id uuid not null,
    order_id text not null,
    device_id text not null,
    tender text not null check (tender in ('cash', 'card')),
    amount bigint not null check (amount > 0),
    taken_at timestamptz not null,
    archived_at timestamptz,
    primary key (branch_id, id),
    foreign key (branch_id, order_id) references public.orders on delete cascade
);
create index payments_by_order on public.payments (order_id, branch_id);
create index payments_in_window on public.payments (branch_id, id) where archived_at is null;

-- An order leaves the shared window as a whole.
create function kds.archive_with_order() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    update public.order_lines set archived_at = new.archived_at
    where branch_id = new.branch_id and order_id = new.id;
    update public.payments set archived_at = new.archived_at
    where branch_id = new.branch_id and order_id = new.id;
    return null;
end
$$;

create trigger archive_with_order after update of archived_at on public.orders
    for each row when (old.archived_at is distinct from new.archived_at)
    execute function kds.archive_with_order();

-- Terminals read; they write through apply_ops alone.
do $$
declare
    name text;
    may_see text;
begin
    foreach name in array array[
        'branches', 'stations', 'staff', 'devices', 'menu_items', 'modifiers', 'stock_items',
        'recipes', 'orders', 'order_lines', 'payments'
    ] loop
        may_see := 'branch_id = any ((select kds.my_branches())::uuid[])';
        if name = 'payments' then
            may_see := may_see || ' and (select kds.my_role()) in (''pos'', ''manager'')';
        end if;
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from anon, authenticated', name);
        execute format('grant select on public.%I to authenticated', name);
        execute format('grant all on public.%I to service_role', name);
        execute format(
            'create policy "members read" on public.%I for select to authenticated using (%s)',
            name, may_see
        );
    end loop;
end
$$;
