using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>Looks at a realm's live configuration, rule by rule.</summary>
public sealed class ReportConformance(RealmSnapshots realms, TokenOptions options)
{
    /// <summary>All rules, in the order of reports.</summary>
    public static IReadOnlyList<(ConformanceStandard Standard, ConformanceRule Rule)> Rules { get; } =
    [
        .. Rfc9700Rules.All.Select(rule => (ConformanceStandard.Rfc9700, rule)),
        .. OAuth21Rules.All.Select(rule => (ConformanceStandard.OAuth21, rule)),
        .. Fapi2Rules.All.Select(rule => (ConformanceStandard.Fapi2, rule)),
        .. AsvsRules.All.Select(rule => (ConformanceStandard.Asvs, rule)),
    ];

    /// <param name="realmId">The realm.</param>
    /// <param name="minRevision">0: any.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND, REALM_FEED_UNAVAILABLE, REVISION_NOT_REACHED.</exception>
    public async ValueTask<ConformanceReport> ExecuteAsync(string realmId, long minRevision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, minRevision, cancellationToken);
        var facts = new ConformanceFacts(realm, options);
        return new ConformanceReport(realm.Revision, [.. Rules.Select(entry => new ReportedRule(entry.Standard, entry.Rule, entry.Rule.Find(facts)))]);
    }
}
