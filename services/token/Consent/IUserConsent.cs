namespace Pltfrms.Iam.Token.Consent;

/// <summary>The consent service: filters what a client asks for, asks its user, and shows users what they decided.</summary>
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

    /// <summary>Begins a visit to the user's own pages; where the browser goes, to come back to <paramref name="returnUri"/>.</summary>
    /// <exception cref="Common.Errors.IamException">RESOURCE_NOT_FOUND: there is no such user. SERVICE_UNAVAILABLE.</exception>
    Task<string> StartVisitAsync(string realmId, string userId, IReadOnlyList<string> uiLocales, string returnUri, CancellationToken cancellationToken);

    /// <summary>Opens the pages to the browser that came back; where they are.</summary>
    /// <exception cref="Common.Errors.IamException">RESOURCE_NOT_FOUND: there is no such visit, or it is open already. SERVICE_UNAVAILABLE.</exception>
    Task<string> FinishVisitAsync(string realmId, string userId, string visit, CancellationToken cancellationToken);
}
