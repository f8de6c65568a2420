namespace Pltfrms.Iam.Consent;

/// <summary>What an operator sets in the section <c>Consent</c>.</summary>
public sealed class ConsentOptions
{
    public const string Section = "Consent";

    /// <summary>Where browsers reach the HTTP listener, never taken from a request; null: where it listens.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>
    /// Whether browsers reach the HTTP listener at realms' own host names too, so that pages of a realm with a host name are there: the proxy sends
    /// their paths <c>/realms/{realm}/consent</c> and <c>/realms/{realm}/account</c> here.
    /// </summary>
    public bool OnRealmHosts { get; set; }

    /// <summary>How often revocations that have yet to go through are looked for.</summary>
    public TimeSpan RevocationInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the heads of the chains of receipts are written into the realms' audit.</summary>
    public TimeSpan AnchorInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often decisions of users who are gone are looked for.</summary>
    public TimeSpan UserSweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
