using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>The report as HTML: a table for each standard, the unmet rules marked in words.</summary>
internal static class ConformancePage
{
    public static Html Body(ConformanceReport report)
    {
        var standards = report.Rules.GroupBy(reported => reported.Standard).Select(group => Html.Of($"""
            <h2>{NameOf(group.Key)}: {group.Count(reported => reported.Finding.IsMet)} of {group.Count()} met</h2>
            <dl>{group.Select(Rule)}</dl>
            """));
        return Html.Of($"""<p class="hint">Revision <code>{report.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)}</code></p>{standards}""");
    }

    private static Html Rule(ReportedRule reported)
    {
        var finding = reported.Finding;
        var verdict = finding.IsMet ? Html.Of($"met") : Html.Of($"""<strong class="problem">not met</strong>""");
        var clients = finding.ClientIds.Count == 0 ? Html.Empty : Html.Of($"""<dd class="hint">Clients: {string.Join(", ", finding.ClientIds)}</dd>""");
        var tests = finding.Tests.Count == 0 ? Html.Empty : Html.Of($"""<dd class="hint">Enforced by {string.Join(", ", finding.Tests)}</dd>""");
        return Html.Of($"""<dt>{reported.Rule.RuleId}: {reported.Rule.Title}</dt><dd>{verdict}. {finding.Reason}</dd>{clients}{tests}""");
    }

    private static string NameOf(ConformanceStandard standard) => standard switch
    {
        ConformanceStandard.Rfc9700 => "RFC 9700",
        ConformanceStandard.OAuth21 => "OAuth 2.1",
        ConformanceStandard.Fapi2 => "FAPI 2.0 Security Profile",
        ConformanceStandard.Asvs => "OWASP ASVS 5.0, V10.4",
        _ => throw new ArgumentOutOfRangeException(nameof(standard), standard, "no name"),
    };
}
