package io.leadroutes.zoominfo.bulk;

import static io.leadroutes.zoominfo.bulk.BulkBench.answer;
import static io.leadroutes.zoominfo.bulk.BulkBench.inputs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.bulk.BulkJobs.Submission;
import io.leadroutes.zoominfo.bulk.BulkPages.Page;
import io.leadroutes.zoominfo.bulk.BulkRefreshes.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A refresh from order to end, on a real database; the test answers in ZoomInfo's place. */
class BulkRefreshTest {

    private final BulkBench bench = new BulkBench();

    // ---- order

    @Test
    void rowsAreTakenByTheStrongestThingTheySayAndOnceEach() {
        UUID id = bench.csv("""
                recordId,personId,email,firstName,lastName,company,ignored
                003A,17,ada@example.com,Ada,Lovelace,"Engines, Inc",x
                003B,,Ada@Example.com,,,,
                003C,,,Ada,Lovelace,"Engines, ""Inc\"""
                003D,17,,,,,
                003E,,nonsense,Ada,,,
                """, "0", false);
        Refresh.Records records = bench.read(id).records();
        assertThat(records).isEqualTo(new Refresh.Records(5, 1, 1, 3));
        assertThat(bench.jdbc.queryForList("select input from bulk_item order by position", String.class)).containsExactly(
                "{\"personId\":\"17\"}", "{\"emailAddress\":\"ada@example.com\"}",
                "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"companyName\":\"Engines, \\\"Inc\\\"\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing,known\n1,2\n", "personId\n", "personId\n\"1\n", "personId\n1,2\n",
        "personId,personId\n1,1\n", "email\nnobody\n", "personId,companyId\n1,2\n", "recordId\n003\n"})
    void aFileThatCannotBeReadIsRefusedAndNothingOfItIsKept(String file) {
        assertThatThrownBy(() -> bench.csv(file, "0", false)).isInstanceOf(RefusedException.class);
        assertThat(bench.count("bulk_refresh")).isZero();
        assertThat(bench.count("bulk_item")).isZero();
    }

    // ---- quote

    @Test
    void theQuoteCountsWhatAPreviewFindsAndWhatItCannotAskForAndNothingThatIsUnderManagement() {
        bench.jdbc.update("insert into redeemed_person (person_id) values ('1'), ('2')");
        bench.jdbc.update("insert into redeemed_person (person_id, redeemed_at) values ('3', now() - interval '12 months')");
        UUID id = bench.csv("personId,firstName,lastName,company\n1,,,\n2,,,\n3,,,\n4,,,\n5,,,\n,Ada,Lovelace,Engines\n", "0",
                false);
        bench.quote(id, 2);
        Refresh refresh = bench.read(id);
        assertThat(refresh.state()).isEqualTo("QUOTED");
        assertThat(refresh.credits().quoted()).as("2 of the 3 previewed, and the one by name").isEqualTo(3);
        assertThat(refresh.quote()).isEqualTo(new Refresh.Quote(2, 3, 1, 1));
        assertThat(bench.claims()).as("nothing is done before somebody accepts the quote").isEmpty();
        bench.refreshes.start(id);
        assertThat(bench.read(id).state()).isEqualTo("RUNNING");
    }

    @Test
    void aPreviewThatIsRefusedIsDoneWithout() {
        UUID id = bench.ids(1, 10, "0", false);
        bench.plan();
        Submission preview = bench.next(bench.claim()).orElseThrow();
        assertThat(preview.operation()).isEqualTo("preview-contact");
        assertThat(preview.request().toString()).contains("personId=1,2,3,4,5,6,7,8,9,10");
        bench.notSubmitted(preview, FailureClass.INVALID_REQUEST);
        bench.quote(id, 0);
        assertThat(bench.read(id).credits().quoted()).isEqualTo(10);
    }

    @Test
    void noJobIsSubmittedThatCouldPassTheQuoteAndItsMargin() {
        UUID id = bench.ids(1, 30, "0.1", true);
        bench.quote(id, 5);
        assertThat(bench.read(id).credits().most()).as("15 and a tenth").isEqualTo(16);
        // More than the preview told: 12 are spent, and another 5 could pass 16.
        Submission first = bench.run(2);
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(first), "FULL_MATCH"));
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(List.of(), "FULL_MATCH"));
        assertThat(bench.read(id).credits().spent()).isEqualTo(10);
        Submission second = bench.run(1);
        assertThat(bench.next(bench.claim())).as("the second may still cost its 5").isEmpty();
        assertThat(bench.read(id).state()).isEqualTo("RUNNING");
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(second).subList(0, 2), "FULL_MATCH"));
        assertThat(bench.next(bench.claim())).isEmpty();
        assertThat(bench.read(id).state()).isEqualTo("STOPPED_AT_QUOTE");
        assertThat(bench.read(id).cause()).hasValueSatisfying(cause -> assertThat(cause).contains("may cost 5", "leave 4"));
        assertThat(bench.claims()).isEmpty();
    }

    // ---- jobs

    @Test
    void jobsOfTheSetSizeAreSubmittedOneASecondAndNoMoreThanMayBeActive() {
        bench.settings = new BulkBench.Settings(10, 2, 100, Duration.ZERO, Duration.ofHours(24), Duration.ofHours(24), false, 1,
                1);
        UUID id = bench.ids(1, 35, "0", true);
        bench.quote(id, 0);
        Submission first = bench.next(bench.claim()).orElseThrow();
        bench.submitted(first);
        assertThat(inputs(first)).hasSize(10);
        assertThat(bench.nextAtOnce(bench.claim())).as("within the same second").isEmpty();
        bench.submitted(bench.next(bench.claim()).orElseThrow());
        assertThat(bench.next(bench.claim())).as("two are active").isEmpty();
        bench.status(first.job(), Map.of("status", "Completed", "successfulPages", List.of()));
        assertThat(bench.next(bench.claim())).isPresent();
    }

    @Test
    void aJobThatWasPerhapsSubmittedIsNotSubmittedAgainBeforeItsLifeIsOver() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission lostAnswer = bench.next(bench.claim()).orElseThrow();
        bench.killAndStart();
        assertThat(bench.next(bench.claim())).isEmpty();
        assertThat(bench.read(id).jobs().inDoubt()).isEqualTo(1);
        bench.conclude(bench.claim());
        assertThat(bench.read(id).state()).isEqualTo("RUNNING");
        bench.jdbc.update("update bulk_job set prepared_at = now() - interval '24 hours'");
        Submission again = bench.next(bench.claim()).orElseThrow();
        assertThat(again.job()).isNotEqualTo(lostAnswer.job());
        assertThat(inputs(again)).isEqualTo(inputs(lostAnswer));
    }

    @ParameterizedTest
    @EnumSource(value = FailureClass.class, names = {"TRANSIENT", "RATE_LIMITED", "SERVER_ERROR", "UNAUTHENTICATED"})
    void aJobThatWasCertainlyNotSubmittedIsSubmittedLater(FailureClass failure) {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission refused = bench.next(bench.claim()).orElseThrow();
        bench.notSubmitted(refused, failure);
        assertThat(bench.next(bench.claim())).hasValueSatisfying(next -> assertThat(next.job()).isEqualTo(refused.job()));
    }

    @ParameterizedTest
    @EnumSource(value = FailureClass.class, names = {"UNKNOWN_OUTCOME", "PROTOCOL"})
    void aJobWithoutAReadableAnswerIsInDoubt(FailureClass failure) {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        bench.notSubmitted(bench.next(bench.claim()).orElseThrow(), failure);
        assertThat(bench.next(bench.claim())).isEmpty();
        assertThat(bench.read(id).jobs().inDoubt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = FailureClass.class, names = {"QUOTA_EXHAUSTED", "NOT_LICENSED", "INVALID_REQUEST"})
    void aRefusalThatSomebodyMustSeeToPausesTheRefresh(FailureClass failure) {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission refused = bench.next(bench.claim()).orElseThrow();
        bench.notSubmitted(refused, failure);
        assertThat(bench.read(id).state()).isEqualTo("PAUSED");
        assertThat(bench.read(id).cause()).hasValueSatisfying(cause -> assertThat(cause).startsWith(failure.name()));
        bench.refreshes.resume(id);
        assertThat(bench.next(bench.claim())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofALostJobOnlyWhatWasNotAnsweredIsSubmittedAnew(boolean zoomInfoSaysSo) {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission first = bench.next(bench.claim()).orElseThrow();
        bench.submitted(first);
        bench.status(first.job(), Map.of("status", "IN_PROGRESS", "successfulPages", List.of(2)));
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(first).subList(5, 10), "FULL_MATCH"));
        if (zoomInfoSaysSo) {
            bench.lost(first.job());
        } else {
            bench.jdbc.update("update bulk_job set prepared_at = now() - interval '25 hours'");
            bench.due();
        }
        Submission again = bench.run(1);
        assertThat(inputs(again)).isEqualTo(inputs(first).subList(0, 5));
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(again), "FULL_MATCH"));
        Work mine = bench.claim();
        bench.conclude(mine);
        Refresh done = bench.read(id);
        assertThat(done.state()).isEqualTo("DONE");
        assertThat(done.progress().done()).isEqualTo(10);
        assertThat(done.credits().spent()).isEqualTo(10);
        assertThat(done.jobs().lost()).isEqualTo(1);
    }

    @Test
    void aJobThatFailsThreeTimesPausesTheRefresh() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        for (int attempt = 1; attempt <= 3; attempt++) {
            Submission submission = bench.next(bench.claim()).orElseThrow();
            bench.submitted(submission);
            bench.status(submission.job(), Map.of("status", "Failed", "successfulPages", List.of()));
        }
        assertThat(bench.read(id).state()).isEqualTo("PAUSED");
    }

    // ---- pages

    @Test
    void aPageIsStoredOnceWithItsUpdatesAndItsCredits() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(2);
        Page page = bench.page(bench.claim()).orElseThrow();
        bench.store(bench.claim(), page, answer(inputs(job).subList(0, 6), "FULL_MATCH"));
        bench.store(bench.claim(), page, answer(inputs(job).subList(0, 6), "FULL_MATCH"));
        Refresh refresh = bench.read(id);
        assertThat(refresh.progress().done()).isEqualTo(6);
        assertThat(refresh.credits().spent()).isEqualTo(6);
        assertThat(bench.count("crm_update where origin = 'bulk' and kind = 'PERSON' and priority = 2")).isEqualTo(6);
        assertThat(bench.count("redeemed_person")).isEqualTo(6);
        assertThat(bench.page(bench.claim())).hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(2));
    }

    @Test
    void ofAPageWhoseTransactionFailsNothingIsLeftAndItIsFetchedAgain() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(1);
        Page page = bench.page(bench.claim()).orElseThrow();
        Work mine = bench.claim();
        bench.crmFails = true;
        assertThatThrownBy(() -> bench.store(mine, page, answer(inputs(job), "FULL_MATCH"))).hasMessage("the queue fails");
        assertThat(bench.count("crm_update")).isZero();
        assertThat(bench.count("redeemed_person")).isZero();
        assertThat(bench.read(id).progress().done()).isZero();
        bench.crmFails = false;
        bench.killAndStart();
        assertThat(bench.page(bench.claim())).contains(page);
    }

    @Test
    void aProcessThatHasLostItsLeaseStoresNothing() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(1);
        Work old = bench.claim();
        Page page = bench.page(old).orElseThrow();
        bench.killAndStart();
        bench.claim();
        assertThatThrownBy(() -> bench.store(old, page, answer(inputs(job), "FULL_MATCH")))
                .isInstanceOf(LostLeaseException.class);
        assertThat(bench.page(old)).isEmpty();
        assertThat(bench.count("crm_update")).isZero();
    }

    @Test
    void whatTheCreditsDidNotCoverIsAskedAgainAfterAPause() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(2);
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(job).subList(0, 4), "FULL_MATCH"));
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(job).subList(4, 10), "LIMIT_EXCEEDED"));
        assertThat(bench.read(id).state()).isEqualTo("PAUSED");
        assertThat(bench.read(id).progress().refused()).isEqualTo(6);
        bench.refreshes.resume(id);
        assertThat(inputs(bench.run(1))).isEqualTo(inputs(job).subList(4, 10));
    }

    @Test
    void anOptOutThatZoomInfoTellsIsMarkedInTheCrmAndNoMatchChangesNothing() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(2);
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(job).subList(0, 1), "OPT_OUT"));
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(job).subList(1, 9), "NO_MATCH"));
        assertThat(bench.jdbc.queryForList("select kind from crm_update", String.class)).containsExactly("OPT_OUT");
        Refresh refresh = bench.read(id);
        assertThat(refresh.credits().spent()).isZero();
        assertThat(refresh.progress().unmatched()).isEqualTo(9);
        assertThat(refresh.progress().unanswered()).as("the one in no page").isEqualTo(1);
        bench.conclude(bench.claim());
        assertThat(bench.read(id).state()).isEqualTo("DONE");
    }

    @Test
    void nothingIsFetchedOrSubmittedWhileTheQueueOfUpdatesIsTooLong() {
        bench.settings = new BulkBench.Settings(10, 5, 3, Duration.ZERO, Duration.ofHours(24), Duration.ofHours(24), false, 1,
                1);
        UUID id = bench.ids(1, 30, "0", true);
        bench.quote(id, 0);
        Submission job = bench.run(2);
        bench.store(bench.claim(), bench.page(bench.claim()).orElseThrow(), answer(inputs(job).subList(0, 4), "FULL_MATCH"));
        assertThat(bench.page(bench.claim())).isEmpty();
        assertThat(bench.next(bench.claim())).isEmpty();
        bench.jdbc.update("update crm_update set state = 'DONE', ended_at = now()");
        assertThat(bench.page(bench.claim())).isPresent();
        assertThat(bench.next(bench.claim())).isPresent();
    }

    @Test
    void theCreditBudgetOfTheInstallationHoldsForRefreshesToo() {
        bench.budget = Optional.of(9L);
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        assertThat(bench.next(bench.claim())).isEmpty();
        assertThat(bench.read(id).state()).as("it goes on by itself when there is room").isEqualTo("RUNNING");
        assertThat(bench.read(id).cause()).hasValueSatisfying(cause -> assertThat(cause)
                .startsWith("CREDIT_BUDGET: zoominfo.credit-budget does not cover the next job"));
        bench.budget = Optional.of(10L);
        bench.killAndStart();
        assertThat(bench.next(bench.claim())).as("the budget was raised").isPresent();
    }

    // ---- by request

    @Test
    void aPausedRefreshDoesNothingUntilItIsResumedAndACancelledOneNothingAnyMore() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        bench.run(1);
        Work before = bench.claim();
        bench.refreshes.pause(id);
        assertThat(bench.claims()).isEmpty();
        assertThat(bench.page(before)).isEmpty();
        bench.refreshes.resume(id);
        assertThat(bench.page(bench.claim())).isPresent();
        bench.refreshes.cancel(id);
        assertThat(bench.claims()).isEmpty();
        assertThat(bench.count("bulk_item")).isZero();
        assertThatThrownBy(() -> bench.refreshes.resume(id)).isInstanceOf(RefusedException.class)
                .hasMessageContaining("CANCELLED");
        assertThatThrownBy(() -> bench.refreshes.start(id)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aPageThatWasOnItsWayWhenThePauseCameIsStored() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.quote(id, 10);
        Submission job = bench.run(2);
        Work mine = bench.claim();
        Page page = bench.page(mine).orElseThrow();
        bench.refreshes.pause(id);
        bench.store(mine, page, answer(inputs(job).subList(0, 5), "FULL_MATCH"));
        assertThat(bench.read(id).progress().done()).isEqualTo(5);
        assertThat(bench.read(id).state()).isEqualTo("PAUSED");
        assertThat(bench.read(id).cause()).contains("Paused by request.");
    }

    @Test
    void jobsOfARefreshThatNobodyWorksOnDoNotBlockTheOthersForGood() {
        bench.settings = new BulkBench.Settings(10, 1, 100, Duration.ZERO, Duration.ofHours(24), Duration.ofHours(24), false, 1,
                1);
        UUID first = bench.ids(1, 20, "0", true);
        bench.quote(first, 0);
        bench.submitted(bench.next(bench.claim()).orElseThrow());
        bench.refreshes.cancel(first);
        UUID second = bench.ids(21, 30, "0", true);
        bench.quote(second, 0);
        assertThat(bench.next(bench.claim())).as("the job may still be active at ZoomInfo").isEmpty();
        bench.jdbc.update("update bulk_job set prepared_at = prepared_at - interval '16 minutes'");
        assertThat(bench.next(bench.claim())).isPresent();
    }

    @Test
    void recordsOfAQueryAreReadLotByLotAndOnFromWhereItStopped() {
        UUID id = bench.refreshes.order("SELECT Id FROM Contact WHERE Email != null", Optional.empty(),
                new BulkRefreshes.Order(List.of(), java.math.BigDecimal.ZERO, false));
        assertThat(bench.load()).startsWith("SELECT Id, FirstName");
        bench.loaded("""
                {"done": false, "nextRecordsUrl": "/services/data/v62.0/query/01g-2", "records": [
                 {"Id": "003A", "Email": "ada@example.com", "ZoomInfo_Person_Id__c": null, "Account": {"Name": "Engines"}},
                 {"Id": "003B", "Email": null, "ZoomInfo_Person_Id__c": "17", "Account": null}]}""");
        bench.killAndStart();
        assertThat(bench.load()).isEqualTo("/services/data/v62.0/query/01g-2");
        bench.loaded("""
                {"done": true, "records": [
                 {"Id": "003C", "FirstName": "Ada", "LastName": "Lovelace", "Account": {"Name": "Engines"}},
                 {"Id": "003D", "ZoomInfo_Person_Id__c": "17"}]}""");
        assertThat(bench.read(id).state()).isEqualTo("QUOTING");
        assertThat(bench.read(id).records()).isEqualTo(new Refresh.Records(4, 0, 1, 3));
        assertThat(bench.jdbc.queryForList("select matched_by from bulk_item order by position", String.class))
                .containsExactly("emailAddress", "personId", "name");
    }

    @Test
    void aSecondProcessDoesNotTakeWhatTheFirstOneHolds() {
        UUID id = bench.ids(1, 10, "0", true);
        bench.claim();
        assertThat(bench.claimsOfAnotherProcess()).isEmpty();
        bench.killAndStart();
        assertThat(bench.claim().id()).isEqualTo(id);
    }
}
