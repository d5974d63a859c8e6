package io.leadroutes.sandbox.zoominfo.signal;

import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;

/** Scoops, news and intent, to search and to enrich with. */
public final class SignalFamily implements Family {

    private final Scoops scoops;
    private final News news;
    private final Intent intent;

    public SignalFamily(World world, ZoomInfoSettings settings, Account account) {
        Desk desk = new Desk(world, settings, account);
        this.scoops = new Scoops(desk);
        this.news = new News(desk);
        this.intent = new Intent(desk);
    }

    @Override
    public void mount(Endpoints endpoints) {
        add(endpoints, "/search/scoop", scoops::search);
        add(endpoints, "/search/news", news::search);
        add(endpoints, "/search/intent", intent::search);
        add(endpoints, "/enrich/scoop", scoops::enrich);
        add(endpoints, "/enrich/news", news::enrich);
        add(endpoints, "/enrich/intent", intent::enrich);
    }

    private static void add(Endpoints endpoints, String path, Endpoints.Handler handler) {
        endpoints.add("POST", path, Tier.STANDARD, Meter.REQUESTS, handler);
    }
}
