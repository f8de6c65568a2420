namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>How a realm's users are asked for consent. At most one of <see cref="CustomPageUri"/> and <see cref="Remote"/> is set; none: at our own page.</summary>
public sealed record ConsentSettings
{
    /// <summary>A user interface of the realm's own over the JSON API.</summary>
    public string? CustomPageUri { get; init; }

    public RemoteConsent? Remote { get; init; }

    /// <summary>How long a remembered decision holds; null: until it is changed.</summary>
    public TimeSpan? DecisionLifetime { get; init; }

    /// <summary>How long a user has to answer.</summary>
    public TimeSpan ChallengeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>RFC 5646; shown where none that the user asks for has texts.</summary>
    public string DefaultLanguage { get; init; } = "en";
}

/// <summary>A consent server outside the suite.</summary>
public sealed record RemoteConsent
{
    /// <summary>Where the browser is sent.</summary>
    public required string AuthorizationUri { get; init; }

    /// <summary>The <c>aud</c> of requests and the <c>iss</c> of answers.</summary>
    public required string Issuer { get; init; }

    public required string JwksUri { get; init; }

    /// <summary>How long it has to answer.</summary>
    public TimeSpan RequestLifetime { get; init; } = TimeSpan.FromSeconds(1800);
}
