namespace Pltfrms.Iam.Consent;

/// <summary>What an operator sets in the section <c>Consent</c>.</summary>
public sealed class ConsentOptions
{
    public const string Section = "Consent";

    /// <summary>Where browsers reach the HTTP listener, never taken from a request; null: where it listens.</summary>
    public string? PublicAddress { get; set; }
}
