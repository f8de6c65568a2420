using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Keys;
using Testing;

namespace Token.Tests.Dpop;

public sealed class DpopNoncesTests
{
    private static readonly byte[] Old = [.. Enumerable.Repeat((byte)1, KeyEncryption.KeySize)];
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)2, KeyEncryption.KeySize)];
    private static readonly byte[] Foreign = [.. Enumerable.Repeat((byte)3, KeyEncryption.KeySize)];

    private readonly FakeClock _clock = new();

    [Fact]
    public void Replicas_understand_one_another_while_the_key_encryption_key_is_exchanged()
    {
        var (before, after) = (new DpopNonces(new KeyEncryption(Old, New), _clock), new DpopNonces(new KeyEncryption(New, Old), _clock));

        Assert.NotEqual(before.Current("demo"), after.Current("demo"));
        Assert.True(IsGood(after, before.Current("demo")));
        Assert.True(IsGood(before, after.Current("demo")));
        Assert.False(IsGood(after, new DpopNonces(new KeyEncryption(Foreign), _clock).Current("demo")));
    }

    [Fact]
    public void A_nonce_says_nothing_of_its_realm_or_time_and_is_good_for_both_only()
    {
        var nonces = new DpopNonces(new KeyEncryption(New), _clock);
        var first = nonces.Current("demo");

        Assert.Matches("^[A-Za-z0-9_-]{22}$", first);
        Assert.False(nonces.IsGood("other", first, _clock.GetUtcNow()));
        Assert.True(nonces.IsGood("demo", first, _clock.GetUtcNow().AddSeconds(-120)));
        Assert.True(nonces.IsGood("demo", first, _clock.GetUtcNow().AddSeconds(239)));
        Assert.False(nonces.IsGood("demo", first, _clock.GetUtcNow().AddSeconds(240)));
        Assert.False(nonces.IsGood("demo", first, _clock.GetUtcNow().AddSeconds(-121)));
        Assert.False(IsGood(nonces, null));
        Assert.False(IsGood(nonces, ""));
    }

    private bool IsGood(DpopNonces nonces, string? nonce) => nonces.IsGood("demo", nonce, _clock.GetUtcNow());
}
