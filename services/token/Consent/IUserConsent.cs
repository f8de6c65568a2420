namespace Pltfrms.Iam.Token.Consent;

/// <summary>The consent service: filters what a client asks for and asks its user.</summary>
public interface IUserConsent
{
    /// <exception cref="Common.Errors.IamException">
    /// INVALID_SCOPE, UNKNOWN_ORGANIZATION, ACCESS_DENIED and CONSENT_REQUIRED are for the client; SERVICE_UNAVAILABLE where there is no answer.
    /// </exception>
    Task<ConsentStart> StartAsync(ConsentQuestion question, CancellationToken cancellationToken);

    /// <summary>What was granted at the consent service's page; a second time it is unknown.</summary>
    /// <exception cref="Common.Errors.IamException">
    /// ACCESS_DENIED and INVALID_SCOPE are for the client; CHALLENGE_NOT_FOUND, CHALLENGE_NOT_ANSWERED; SERVICE_UNAVAILABLE.
    /// </exception>
    Task<ConsentOutcome> FinishAsync(string realmId, string challenge, CancellationToken cancellationToken);
}
