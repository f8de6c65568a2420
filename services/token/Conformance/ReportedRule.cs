namespace Pltfrms.Iam.Token.Conformance;

/// <summary>A rule and what was found of it.</summary>
public sealed record ReportedRule(ConformanceStandard Standard, ConformanceRule Rule, ConformanceFinding Finding);
