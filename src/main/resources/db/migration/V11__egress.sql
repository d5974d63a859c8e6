-- The egress to ZoomInfo, shared by all replicas: one row an account and tier holds schedule, lease, guard and what is
-- known of other clients. Everything is in the database's clock; the application uses only differences of its readings.
alter table egress_slot
    add holder        uuid,                                -- the replica that runs the enrichment egress
    add epoch         bigint           not null default 0, -- raised by each change of the holder: the fence
    add lease_until   timestamptz,                         -- the holder renews it each second
    add longest_trip  interval         not null default '0',-- longest answer of the last minute that the holder saw
    add guard         double precision,                    -- share by which calls are spaced wider, as raised by a 429
    add guard_at      timestamptz,                         -- when it was raised
    add sent          bigint           not null default 0, -- slots handed out so far, to whomever
    add kept_at       timestamptz,                         -- the last row of egress_sent that outlives the minute
    add foreign_rate  double precision not null default 0, -- calls a second that other clients of the account make
    add foreign_until timestamptz,                         -- as long as that is believed
    add counted_from  timestamptz,                         -- the clock was set back then: what was counted before is void
    add paused_at     timestamptz,                         -- when the pause was begun
    add cap           interval         not null default '0',-- spacing that the rate headers ask for
    add cap_until     timestamptz,                         -- their reset
    add spacing       interval;                            -- spacing last used, for the record

-- When slots were handed out: each of the last 90 seconds, and one every so often for the long windows.
create table egress_sent (
    account text        not null,
    tier    text        not null,
    seq     bigint      not null,  -- value of egress_slot.sent with this slot counted
    at      timestamptz not null,
    keep    boolean     not null,
    primary key (account, tier, seq)
);
create index egress_sent_at on egress_sent (account, tier, at);

-- Takes the next slot: a generic cell rate algorithm with tolerance 0, so unused slots are never saved up.
--   p_epoch        the slot is for the holder of the lease under this epoch only; null for anybody
--   p_limits, p_periods (microseconds): windows; those up to a minute are kept by spacing, longer ones by counting
--   p_guard        the guard never falls below it
--   p_debit        lateness of calls that left after their slot (microseconds): pushes the schedule
--   p_horizon      a slot further ahead is not handed out (microseconds): lateness must be booked before the slots
--                  a window further on are given away
--   p_foreign, p_cap, p_cap_for  news of other clients: calls a second; spacing and for how long (microseconds)
--   p_now          null: the database's clock
-- outcome: granted, later (ask again), closed (a long window is used up), fenced. Times are microseconds. last_minute: slots
-- of the minute that ends with this one; null while that is not known for certain.
create function take_egress_slot(p_account text, p_tier text, p_epoch bigint, p_limits double precision[],
        p_periods bigint[], p_guard double precision, p_debit bigint, p_horizon bigint, p_foreign double precision,
        p_cap bigint, p_cap_for bigint, p_now timestamptz,
        out outcome text, out slot_at bigint, out now_at bigint, out wait bigint, out number bigint, out last_minute bigint,
        out spacing_us bigint)
language plpgsql as $$
declare
    us constant interval := interval '1 microsecond';
    cur egress_slot;
    moment timestamptz;
    started timestamptz := pg_postmaster_start_time() + interval '1 second';
    opens timestamptz;
    slot timestamptz;
    reopens timestamptz;
    others double precision := 0;
    gap double precision := 0;
    guard double precision;
    before bigint;
    granule double precision := 30;
    longest interval := interval '1 day';
    keeps boolean;
begin
    -- A lost commit costs at most the silence that follows a start of the database.
    perform set_config('synchronous_commit', 'off', true);
    select * into cur from egress_slot s where s.account = p_account and s.tier = p_tier for update;
    if not found then
        insert into egress_slot (account, tier, next_slot)
        values (p_account, p_tier, coalesce(p_now, clock_timestamp())) on conflict do nothing;
        select * into cur from egress_slot s where s.account = p_account and s.tier = p_tier for update;
    end if;
    moment := coalesce(p_now, clock_timestamp());

    if p_foreign is not null then
        cur.foreign_rate := p_foreign;
        -- Longer than a pause.
        cur.foreign_until := moment + interval '90 seconds';
    end if;
    if p_cap is not null then
        cur.cap := p_cap * us;
        cur.cap_until := moment + p_cap_for * us;
    end if;
    if cur.foreign_until > moment then
        others := cur.foreign_rate;
    end if;
    guard := egress_guard(cur.guard, cur.guard_at, p_guard, moment);

    for i in 1 .. cardinality(p_limits) loop
        if p_periods[i] <= 60000000 then
            -- Other clients leave us the rest of the window, and never less than a twentieth.
            gap := greatest(gap, 1 / greatest(1000000 * p_limits[i] / p_periods[i] - others,
                                              50000 * p_limits[i] / p_periods[i]));
        else
            granule := least(granule, greatest(0.1, p_periods[i] / 120000000.0));
            longest := greatest(longest, p_periods[i] * us);
        end if;
    end loop;
    cur.spacing := gap * (1 + guard) * interval '1 second';
    if cur.cap_until between moment and moment + interval '90 seconds' then
        cur.spacing := greatest(cur.spacing, cur.cap);
    end if;

    opens := moment;
    if cur.paused_at > moment then
        -- Begun by a clock that has since been set back: it begins now.
        cur.paused_until := moment + (cur.paused_until - cur.paused_at);
        cur.paused_at := moment;
    end if;
    if cur.paused_until > opens then
        opens := least(cur.paused_until, moment + interval '60 seconds');
    end if;
    -- A database just started may have lost the last slots. A start in the future: its clock was set back since.
    if p_now is null and started > opens and started <= moment + interval '1 second' then
        opens := started;
    end if;
    -- A schedule that far ahead was written by a clock that has since been set back.
    if cur.next_slot - opens > greatest(interval '5 seconds', 2 * cur.spacing) then
        cur.next_slot := opens + interval '1 second';
        cur.counted_from := moment;
    end if;
    cur.next_slot := cur.next_slot + least(p_debit, 1000000) * us;
    slot := greatest(cur.next_slot, opens);

    outcome := 'granted';
    for i in 1 .. cardinality(p_limits) loop
        if p_periods[i] > 60000000 then
            before := egress_sent_before(p_account, p_tier, cur.sent, slot - p_periods[i] * us);
            if cur.sent - before + 1 > p_limits[i] then
                select min(r.at) + p_periods[i] * us into reopens from egress_sent r
                where r.account = p_account and r.tier = p_tier and r.seq > cur.sent - p_limits[i];
                outcome := 'closed';
                slot := greatest(slot, coalesce(reopens, slot + granule * interval '1 second'));
            end if;
        end if;
    end loop;
    if p_epoch is not null and p_epoch <> cur.epoch then
        outcome := 'fenced';
    elsif outcome = 'granted' and slot - moment > p_horizon * us then
        outcome := 'later';
    elsif outcome = 'granted' then
        cur.sent := cur.sent + 1;
        cur.next_slot := slot + cur.spacing;
        keeps := cur.kept_at is null or slot >= cur.kept_at + granule * interval '1 second';
        insert into egress_sent values (p_account, p_tier, cur.sent, slot, keeps);
        if keeps then
            cur.kept_at := slot;
            delete from egress_sent r where r.account = p_account and r.tier = p_tier
                and (r.at < slot - interval '90 seconds' and not r.keep
                     or r.at < slot - longest - 2 * granule * interval '1 second');
        end if;
        number := cur.sent;
        -- A crash of the database loses the last slots, and a clock set back mixes them up: for a minute the count is not
        -- all of ours, and what is missing would be taken for another client's.
        if coalesce(cur.counted_from < moment - interval '61 seconds', true) and (p_now is not null
                or started not between moment - interval '61 seconds' and moment + interval '1 second') then
            last_minute := cur.sent - egress_sent_before(p_account, p_tier, cur.sent, slot - interval '60 seconds');
        end if;
    end if;
    update egress_slot s
    set next_slot = cur.next_slot, sent = cur.sent, kept_at = cur.kept_at, spacing = cur.spacing,
        paused_until = cur.paused_until, paused_at = cur.paused_at, counted_from = cur.counted_from,
        foreign_rate = cur.foreign_rate, foreign_until = cur.foreign_until, cap = cur.cap, cap_until = cur.cap_until
    where s.account = p_account and s.tier = p_tier;

    spacing_us := 1000000 * extract(epoch from cur.spacing);
    slot_at := 1000000 * extract(epoch from slot);
    now_at := 1000000 * extract(epoch from coalesce(p_now, clock_timestamp()));
    wait := greatest(0, slot_at - now_at);
end
$$;

-- Slots handed out up to a moment. Older than what is known: all that is known counts as later.
create function egress_sent_before(p_account text, p_tier text, p_sent bigint, p_at timestamptz) returns bigint
language sql stable as $$
    select coalesce(
        (select r.seq from egress_sent r where r.account = p_account and r.tier = p_tier and r.at <= p_at
         order by r.at desc limit 1),
        (select r.seq - 1 from egress_sent r where r.account = p_account and r.tier = p_tier
         order by r.at limit 1),
        p_sent)
$$;

-- The guard in force: as raised, less a quarter of a percent for each ten minutes since, never below the configured one.
create function egress_guard(p_guard double precision, p_guard_at timestamptz, p_least double precision,
        p_now timestamptz) returns double precision
language sql immutable as $$
    select greatest(p_least, coalesce(p_guard, 0)
        - 0.0025 * floor(greatest(0, extract(epoch from p_now - coalesce(p_guard_at, p_now))) / 600))
$$;

-- A 429: nothing of this tier leaves for that long (microseconds), and from then on calls are spaced wider: the guard
-- doubles, by two points at most, to 2 % at least and 8 % at most. Calls that had their slot (p_slot, microseconds; null when unknown) before the guard was last raised tell nothing new.
create function pause_egress(p_account text, p_tier text, p_length bigint, p_slot bigint, p_guard double precision,
        p_now timestamptz, out raised boolean)
language plpgsql as $$
declare
    cur egress_slot;
    moment timestamptz;
    slot timestamptz;
    before double precision;
begin
    insert into egress_slot (account, tier, next_slot)
    values (p_account, p_tier, coalesce(p_now, clock_timestamp())) on conflict do nothing;
    select * into cur from egress_slot s where s.account = p_account and s.tier = p_tier for update;
    moment := coalesce(p_now, clock_timestamp());
    slot := least(moment, coalesce(timestamptz 'epoch' + p_slot * interval '1 microsecond', moment));
    raised := cur.guard_at is null or slot > cur.guard_at or cur.guard_at > moment;
    if raised then
        before := egress_guard(cur.guard, cur.guard_at, p_guard, moment);
        cur.guard := least(greatest(0.08, p_guard), greatest(0.02, least(2 * before, before + 0.02)));
        cur.guard_at := moment;
    end if;
    update egress_slot s
    set paused_until = greatest(s.paused_until, moment + p_length * interval '1 microsecond'), paused_at = moment,
        guard = cur.guard, guard_at = cur.guard_at
    where s.account = p_account and s.tier = p_tier;
end
$$;

-- Pushes the schedule by lateness (microseconds) that was seen after a slot had been taken.
create function debit_egress(p_account text, p_tier text, p_debit bigint) returns void
language sql as $$
    select set_config('synchronous_commit', 'off', true);
    update egress_slot set next_slot = next_slot + least(p_debit, 1000000) * interval '1 microsecond'
    where account = p_account and tier = p_tier
$$;

-- Takes or renews the lease on the egress of a tier, 3 seconds by the database's clock. A change of the holder raises
-- the epoch; unless the former one let go in order, a second and its longest trip pass in silence.
create function hold_egress(p_account text, p_tier text, p_holder uuid, p_trip bigint, p_now timestamptz,
        out held boolean, out under bigint)
language plpgsql as $$
declare
    lasts constant interval := interval '3 seconds';
    cur egress_slot;
    moment timestamptz;
begin
    -- Who does not hold it looks without a lock.
    select * into cur from egress_slot s where s.account = p_account and s.tier = p_tier;
    if found and cur.holder <> p_holder
            and cur.lease_until between coalesce(p_now, clock_timestamp()) and coalesce(p_now, clock_timestamp()) + lasts then
        held := false;
        under := cur.epoch;
        return;
    end if;
    insert into egress_slot (account, tier, next_slot)
    values (p_account, p_tier, coalesce(p_now, clock_timestamp())) on conflict do nothing;
    select * into cur from egress_slot s where s.account = p_account and s.tier = p_tier for update;
    moment := coalesce(p_now, clock_timestamp());
    if cur.holder <> p_holder and cur.lease_until > moment + lasts then
        -- Written by a clock that has since been set back: it runs from now.
        cur.lease_until := moment + lasts;
        held := false;
    elsif cur.holder <> p_holder and cur.lease_until > moment then
        held := false;
    else
        if cur.holder is distinct from p_holder then
            cur.epoch := cur.epoch + 1;
            if cur.holder is not null then
                cur.next_slot := greatest(cur.next_slot,
                    moment + interval '1 second' + least(cur.longest_trip, interval '1 second'));
            end if;
        end if;
        cur.holder := p_holder;
        cur.lease_until := moment + lasts;
        cur.longest_trip := p_trip * interval '1 microsecond';
        held := true;
    end if;
    update egress_slot s
    set holder = cur.holder, epoch = cur.epoch, lease_until = cur.lease_until, next_slot = cur.next_slot,
        longest_trip = cur.longest_trip
    where s.account = p_account and s.tier = p_tier;
    under := cur.epoch;
end
$$;
