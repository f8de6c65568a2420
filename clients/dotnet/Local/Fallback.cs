namespace Pltfrms.Iam.Client.Local;

/// <summary>Why a question is asked of the token service after all; the names that the measurements use.</summary>
internal static class Fallback
{
    /// <summary>A stream is older than its bound, or never spoke.</summary>
    public const string Stale = "stale";

    /// <summary>The realm is not yet known at the revision that is asked for.</summary>
    public const string Revision = "revision";

    /// <summary>Opaque, of a key or an issuer that is not known here, or no token at all.</summary>
    public const string Token = "token";

    /// <summary>The token expires in this moment, and only one clock counts.</summary>
    public const string Expiring = "expiring";

    /// <summary>The token stands on a delegation or an assertion.</summary>
    public const string Standing = "standing";

    /// <summary>No resource server of this application declares the permission.</summary>
    public const string Permission = "permission";

    /// <summary>A trace is asked for, or something that only the token service can judge.</summary>
    public const string Question = "question";
}
