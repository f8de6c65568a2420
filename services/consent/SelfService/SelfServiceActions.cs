namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>The two ends of the way to the page "applications with access".</summary>
public sealed record SelfServiceActions(StartSelfService Start, FinishSelfService Finish);
