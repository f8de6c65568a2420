namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Words of the page "who may act for you".</summary>
public sealed record DelegationsText
{
    public required string Heading { get; init; }

    public required string Introduction { get; init; }

    public required string Granted { get; init; }

    public required string NoneGranted { get; init; }

    public required string Received { get; init; }

    public required string NoneReceived { get; init; }

    public required string Revoke { get; init; }

    public required string GiveBack { get; init; }

    public required string Over { get; init; }

    public required string Everywhere { get; init; }

    public required string WithoutEnd { get; init; }

    /// <summary>{0}: how many.</summary>
    public required string Further { get; init; }

    public required string ByAdministrator { get; init; }

    public required string New { get; init; }

    public required string Who { get; init; }

    public required string WhoHint { get; init; }

    public required string Client { get; init; }

    public required string NoClient { get; init; }

    public required string User { get; init; }

    public required string Scopes { get; init; }

    public required string Where { get; init; }

    /// <summary>Before a duration.</summary>
    public required string HowLong { get; init; }

    public required string Depth { get; init; }

    public required string Reason { get; init; }

    public required string GrantButton { get; init; }

    public required string NothingToGrant { get; init; }

    public required string NotOffered { get; init; }

    public required string Changed { get; init; }

    public required string Exceeds { get; init; }

    public required string Unknown { get; init; }

    public required string Incomplete { get; init; }

    public required string TooMany { get; init; }
}
