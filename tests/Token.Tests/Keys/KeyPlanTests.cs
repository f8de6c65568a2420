using System.Globalization;
using Pltfrms.Iam.Token.Keys;

namespace Token.Tests.Keys;

/// <summary>Announcements take 5 minutes, keys sign for an hour, times are minutes after the first key began to sign.</summary>
public sealed class KeyPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly KeyTimes Times = new() { Spreading = TimeSpan.FromSeconds(2), Announcement = TimeSpan.FromMinutes(5) };

    private List<SigningKeyRow> _keys = [];
    private int _made;

    [Fact]
    public void The_first_key_signs_at_once_and_has_a_successor()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.FromMinutes(5), New));

        Assert.Equal(["k1 0-60", "k2 60-"], Shown());
        Assert.All(_keys, key => Assert.Equal(TimeSpan.FromMinutes(5), key.LongestLifetime));
    }

    [Fact]
    public void The_first_key_of_another_algorithm_signs_when_all_replicas_know_it()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        At(10, plan => plan.Provide("PS256", Hour, TimeSpan.Zero, New));
        At(10, plan => plan.Provide("PS256", Hour, TimeSpan.Zero, New));

        Assert.Equal(["k1 0-60", "k2 60-", "k3 10.03-70.03", "k4 70.03-"], Shown());
    }

    [Fact]
    public void A_successor_is_made_an_announcement_before_the_last_one_takes_over_and_keys_go_with_their_tokens()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.FromMinutes(10), New));

        Assert.False(IsDue(54.9, Hour));
        At(54.9, plan => plan.Keep(Hour, New));
        Assert.Equal(2, _keys.Count);
        Assert.True(IsDue(55.1, Hour));
        At(55.1, plan => plan.Keep(Hour, New));
        Assert.Equal(["k1 0-60", "k2 60-120", "k3 120-"], Shown());

        Assert.False(IsDue(74.9, Hour));
        Assert.True(IsDue(75, Hour));
        At(75, plan => plan.Keep(Hour, New));
        Assert.Equal(["k2 60-120", "k3 120-"], Shown());
        Assert.False(IsDue(75, Hour));
    }

    [Fact]
    public void An_interval_shorter_than_the_announcement_makes_keys_ahead_in_line()
    {
        At(0, plan => plan.Provide("ES256", TimeSpan.FromMinutes(1), TimeSpan.Zero, New));
        foreach (var minute in Enumerable.Range(1, 60))
        {
            At(minute + 0.1, plan => plan.Keep(TimeSpan.FromMinutes(1), New));
        }

        Assert.All(_keys, key => Assert.True(key.SignsFrom - key.CreatedAt >= Times.Announcement));
        var signing = _keys.OrderBy(key => key.SignsFrom).ToList();
        Assert.All(signing.Zip(signing.Skip(1)), pair => Assert.Equal(pair.First.SignsUntil, pair.Second.SignsFrom));
        Assert.InRange(signing.Count, 10, 15);
    }

    [Fact]
    public void A_realm_that_nobody_used_for_long_goes_on_with_its_last_key_and_announces_the_next()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        At(1000, plan => plan.Keep(Hour, New));

        Assert.Equal(["k2 60-1005", "k3 1005-"], Shown());
    }

    [Fact]
    public void A_shorter_interval_brings_the_successor_forward_and_a_longer_one_waits_its_turn()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        Assert.True(IsDue(10, TimeSpan.FromMinutes(30)));
        At(10, plan => plan.Keep(TimeSpan.FromMinutes(30), New));
        Assert.Equal(["k1 0-30", "k2 30-"], Shown());
        Assert.False(IsDue(10, TimeSpan.FromMinutes(30)));

        At(10, plan => plan.Keep(TimeSpan.FromDays(1), New));
        Assert.Equal(["k1 0-30", "k2 30-"], Shown());
    }

    [Fact]
    public void On_demand_the_successor_takes_over_at_once()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        At(10, plan => plan.Rotate("ES256", Hour, New));

        Assert.Equal(["k1 0-10", "k2 10-70", "k3 70-"], Shown());
    }

    [Fact]
    public void A_second_demand_waits_until_the_new_successor_is_announced_and_a_third_changes_nothing()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));
        At(10, plan => plan.Rotate("ES256", Hour, New));

        At(11, plan => plan.Rotate("ES256", Hour, New));
        Assert.Equal(["k1 0-10", "k2 10-15", "k3 15-75", "k4 75-"], Shown());

        At(12, plan => Assert.True(Unchanged(plan, p => p.Rotate("ES256", Hour, New))));
    }

    [Fact]
    public void A_revoked_key_that_signs_is_replaced_at_once_and_a_new_one_is_made()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        At(10, plan => plan.Revoke("k1", Hour, New));

        Assert.Equal(["k1 0-60 revoked", "k2 10-70", "k3 70-"], Shown());
        Assert.Empty(_keys.Single(key => key.KeyId == "k1").EncryptedPrivateKey);
    }

    [Fact]
    public void Where_the_successor_is_revoked_too_the_next_one_signs_as_soon_as_all_replicas_know_it()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));
        At(10, plan => plan.Revoke("k1", Hour, New));

        At(10, plan => plan.Revoke("k2", Hour, New));

        Assert.Equal(["k1 0-60 revoked", "k2 10-70 revoked", "k3 10.03-70.03", "k4 70.03-"], Shown());
    }

    [Fact]
    public void A_revoked_successor_is_made_anew_while_the_key_before_it_signs_on()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));

        At(59, plan => plan.Revoke("k2", Hour, New));

        Assert.Equal(["k1 0-64", "k2 60- revoked", "k3 64-"], Shown());
    }

    [Fact]
    public void A_key_that_has_ended_does_not_come_back_when_its_successor_is_revoked()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.FromMinutes(30), New));
        At(10, plan => plan.Rotate("ES256", Hour, New));

        At(11, plan => plan.Revoke("k2", Hour, New));

        Assert.Equal(["k1 0-10", "k2 10-70 revoked", "k3 11-71", "k4 71-"], Shown());
    }

    [Fact]
    public void Revoking_again_and_revoking_what_is_not_there_change_nothing()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));
        At(10, plan => plan.Revoke("k1", Hour, New));

        At(11, plan => Assert.True(Unchanged(plan, p => p.Revoke("k1", Hour, New))));
        At(11, plan => Assert.True(Unchanged(plan, p => p.Revoke("unknown", Hour, New))));
    }

    [Fact]
    public void One_algorithm_is_nothing_to_another()
    {
        At(0, plan => plan.Provide("ES256", Hour, TimeSpan.Zero, New));
        At(0, plan => plan.Provide("RS256", Hour, TimeSpan.Zero, New));

        At(10, plan => plan.Rotate("RS256", Hour, New));

        Assert.Equal(["k1 0-60", "k2 60-", "k3 0.03-10", "k4 10-70", "k5 70-"], Shown());
    }

    private static bool Unchanged(KeyPlan plan, Action<KeyPlan> change)
    {
        change(plan);
        return plan.IsEmpty;
    }

    private bool IsDue(double minutes, TimeSpan interval) => KeyPlan.IsDue(_keys, interval, Start.AddMinutes(minutes), Times);

    private void At(double minutes, Action<KeyPlan> change)
    {
        var plan = new KeyPlan(_keys, Start.AddMinutes(minutes), Times);
        _now = Start.AddMinutes(minutes);
        change(plan);
        var (removed, changed) = (plan.Removed.Select(key => key.KeyId).ToHashSet(), plan.Changed.ToDictionary(c => c.After.KeyId, c => c.After));
        _keys = [.. _keys.Where(key => !removed.Contains(key.KeyId)).Select(key => changed.GetValueOrDefault(key.KeyId, key)), .. plan.Added];
    }

    private DateTimeOffset _now;

    private SigningKeyRow New(string algorithm, DateTimeOffset signsFrom, TimeSpan longestLifetime) => new()
    {
        RealmId = "r",
        KeyId = $"k{++_made}",
        Algorithm = algorithm,
        EncryptedPrivateKey = [1],
        EncryptionKeyId = "",
        CreatedAt = _now,
        SignsFrom = signsFrom,
        LongestLifetime = longestLifetime,
    };

    private IEnumerable<string> Shown() => _keys.OrderBy(key => key.KeyId, StringComparer.Ordinal).Select(key =>
        $"{key.KeyId} {Minutes(key.SignsFrom)}-{(key.SignsUntil is { } until ? Minutes(until) : "")}{(key.RevokedAt is null ? "" : " revoked")}");

    private static string Minutes(DateTimeOffset time) => (time - Start).TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);
}
