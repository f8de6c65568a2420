namespace Pltfrms.Iam.Token.Conformance;

/// <summary>What was found of a realm.</summary>
/// <param name="Revision">That it was found at.</param>
/// <param name="Rules">All, in order.</param>
public sealed record ConformanceReport(long Revision, IReadOnlyList<ReportedRule> Rules);
