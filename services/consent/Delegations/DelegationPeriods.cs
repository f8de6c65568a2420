namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>For how many days the page lets somebody act. Nothing that is granted there is for ever.</summary>
internal static class DelegationPeriods
{
    public const int Longest = 365;

    public const int Usual = 7;

    public static IReadOnlyList<int> Days { get; } = [1, Usual, 30, 90, Longest];
}
