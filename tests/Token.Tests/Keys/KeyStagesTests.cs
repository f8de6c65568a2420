using Pltfrms.Iam.Token.Keys;

namespace Token.Tests.Keys;

public sealed class KeyStagesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly KeyTimes Times = new() { Spreading = TimeSpan.FromSeconds(2), Announcement = TimeSpan.FromMinutes(5) };

    /// <remarks>Made at 12:00, signs from 13:00 until 14:00, tokens live 10 minutes, announcements take 5.</remarks>
    public static TheoryData<string, string, KeyStage> Stages => new()
    {
        { "when it is made", "12:00:00", KeyStage.Announced },
        { "just before it signs", "12:59:59", KeyStage.Announced },
        { "when it begins to sign", "13:00:00", KeyStage.Signing },
        { "just before its successor takes over", "13:59:59", KeyStage.Signing },
        { "when its successor takes over", "14:00:00", KeyStage.Retiring },
        { "when a token of a replica that is late may still be good", "14:14:59", KeyStage.Retiring },
        { "when no token can be good", "14:15:00", KeyStage.Retired },
        { "long after", "23:00:00", KeyStage.Retired },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_key_is_where_its_row_and_the_time_say(string when, string time, KeyStage stage)
    {
        Assert.NotEmpty(when);
        var now = Noon.Date + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        var key = Key(signsUntil: Noon.AddHours(2));

        Assert.Equal(stage, KeyStages.Of(key, At(now), Times));
        Assert.Equal(KeyStage.Revoked, KeyStages.Of(key with { RevokedAt = Noon }, At(now), Times));
    }

    [Fact]
    public void A_key_without_a_successor_signs_for_ever()
    {
        Assert.Equal(KeyStage.Signing, KeyStages.Of(Key(signsUntil: null), Noon.AddYears(10), Times));
        Assert.Null(KeyStages.EndsAt(Key(signsUntil: null), Times));
    }

    [Fact]
    public void A_key_ends_with_its_last_token_counted_from_when_it_stopped_or_was_revoked()
    {
        Assert.Equal(Noon.AddMinutes(135), KeyStages.EndsAt(Key(signsUntil: Noon.AddHours(2)), Times));
        Assert.Equal(Noon.AddMinutes(85), KeyStages.EndsAt(Key(signsUntil: Noon.AddHours(2)) with { RevokedAt = Noon.AddMinutes(70) }, Times));
    }

    private static DateTimeOffset At(DateTime time) => new(time, TimeSpan.Zero);

    private static SigningKeyRow Key(DateTimeOffset? signsUntil) => new()
    {
        RealmId = "r",
        KeyId = "k",
        Algorithm = "ES256",
        EncryptedPrivateKey = [],
        EncryptionKeyId = "",
        CreatedAt = Noon,
        SignsFrom = Noon.AddHours(1),
        SignsUntil = signsUntil,
        LongestLifetime = TimeSpan.FromMinutes(10),
    };
}
