package io.leadroutes.sandbox.zoominfo.signal;

import io.leadroutes.sandbox.world.IntentTopic;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import java.util.List;
import java.util.Optional;

/** The intent topics that the account may ask for. */
public final class Subscription {

    private Subscription() {
    }

    /** Those subscribed to that there are, in the order of {@link IntentTopic#ALL}; what {@code /lookup/intent/topics} tells. */
    public static List<IntentTopic> topics(ZoomInfoSettings settings) {
        return IntentTopic.ALL.stream().filter(topic -> settings.intentTopics.get().contains(topic.name())).toList();
    }

    /** By its very name, case included. */
    static Optional<IntentTopic> topic(String name, ZoomInfoSettings settings) {
        return topics(settings).stream().filter(topic -> topic.name().equals(name)).findFirst();
    }
}
