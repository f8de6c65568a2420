namespace Pltfrms.Iam.Token.Conformance;

/// <summary>A rule of a standard, and how it is found out whether a realm follows it.</summary>
/// <param name="RuleId">As the standard numbers it.</param>
/// <param name="Title">The rule in a sentence.</param>
/// <param name="Find">Looks at a realm's live configuration.</param>
public sealed record ConformanceRule(string RuleId, string Title, Func<ConformanceFacts, ConformanceFinding> Find);
