using Consent.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Consent.Receipts;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Receipts;

/// <summary>The heads of chains go into the realm's audit, each once, and again where it did not get through.</summary>
public sealed class AnchorReceiptsTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private ConsentReplica Service => fixture.Service;

    [Fact]
    public async Task A_chain_that_has_grown_is_anchored_with_its_newest_receipt()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        fixture.Peers.IsDown = true;
        Assert.Equal(0, await AnchorAsync());
        fixture.Peers.IsDown = false;

        Assert.Equal(1, await AnchorAsync());
        Assert.Equal(0, await AnchorAsync());

        var receipt = (await Service.Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user }, ConsentReplica.Operator)).Receipts[^1];
        var anchor = fixture.Peers.Anchors.Last();
        Assert.Equal(("demo", "consent_receipts", receipt.Sequence), (anchor.RealmId, anchor.Chain, anchor.Sequence));
        Assert.Equal(receipt.Hash, anchor.Hash);
    }

    private Task<int> AnchorAsync() => Service.Services.GetRequiredService<AnchorReceipts>().RunAsync(CancellationToken.None);
}
