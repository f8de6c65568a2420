using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>What a user granted, after the last step of the pipeline.</summary>
public sealed record ConsentOutcome
{
    public required ValueList<string> Scopes { get; init; }

    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: none.</summary>
    public required string OrganizationId { get; init; }

    public required long Revision { get; init; }
}

/// <summary>A consent that is decided, or where the user decides it.</summary>
/// <param name="AuthorizationId">The run of the pipeline, for ExplainScopes.</param>
/// <param name="Outcome">Null: the user must be asked.</param>
/// <param name="Challenge">Sensitive; empty with an outcome.</param>
/// <param name="RedirectTo">Where the browser goes; empty with an outcome.</param>
public sealed record StartedConsent(string AuthorizationId, ConsentOutcome? Outcome, string Challenge, string RedirectTo)
{
    /// <summary>Without the challenge, for a log that prints the record after all.</summary>
    public override string ToString() => $"StartedConsent {AuthorizationId}";
}

/// <summary>An answered consent.</summary>
public sealed record FinishedConsent(string AuthorizationId, ConsentOutcome Outcome);
