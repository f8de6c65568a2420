using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>What a grant finds out about a token request while it decides, for whoever writes down what came of it.</summary>
internal sealed class RequestTrail
{
    /// <summary>As the request was decided by; null: it never came so far.</summary>
    public RealmSnapshot? Realm { get; set; }

    /// <summary>The token that is exchanged; null: none, or it is not known yet.</summary>
    public AccessToken? Subject { get; set; }

    /// <summary>The token exchange rule that allowed it, or the registered issuer whose assertion it comes of.</summary>
    public string? Rule { get; set; }

    /// <summary>What the code, device code or refresh token is of.</summary>
    public string? GrantId { get; set; }

    /// <summary>The user of that grant.</summary>
    public string? UserId { get; set; }

    /// <summary>Whether what was presented had been used before.</summary>
    public bool IsReuse { get; set; }
}
