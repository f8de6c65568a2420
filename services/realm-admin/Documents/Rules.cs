using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Pltfrms.Iam.Common.Certificates;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What ids, names and texts of a realm must look like; docs/realm-document.md says the same in a table.</summary>
public static partial class Rules
{
    public static TextRule RealmId { get; } = TextRule.Naming(
        63, RealmIdPattern().IsMatch, "must have only lower-case letters, digits and hyphens, and begin and end with a letter or digit");

    /// <summary>RFC 1123 section 2.1, in the one spelling that requests are compared with. Addresses are not names.</summary>
    public static TextRule HostName { get; } = TextRule.Naming(
        259,
        IsHostName,
        "must be a host name in lower case without a trailing dot, with a port where it is not 80 or 443, like login.example.com or login.example.com:8443");

    /// <summary>A host of redirect URIs, or all below one. Addresses and localhost are hosts too.</summary>
    public static TextRule RedirectHost { get; } = TextRule.Matching(
        259, RedirectHostPattern().IsMatch, "must be a host in lower case without a port, like app.example.com, or *.example.com for all below it");

    /// <summary>Ids of clients, secrets, roles, groups, organizations and role bindings.</summary>
    public static TextRule Id { get; } = TextRule.Naming(
        128, IdPattern().IsMatch, "must begin with a letter or digit and have only letters, digits and . _ ~ -");

    /// <summary>Wider than <see cref="Id"/>: a provider's <c>sub</c> can serve.</summary>
    public static TextRule UserId { get; } = TextRule.Naming(
        255, UserIdPattern().IsMatch, "must begin with a letter or digit and have only letters, digits and . _ ~ - @ + | : = /");

    public static TextRule PermissionName { get; } = TextRule.Naming(
        128, PermissionPattern().IsMatch, "must be noun.verb in lower case, like invoices.read");

    /// <summary>RFC 6749 section 3.3, without the asterisk, which stands for any characters in patterns.</summary>
    public static TextRule ScopeName { get; } = TextRule.Naming(
        128, text => ScopePatternPattern().IsMatch(text) && !text.Contains('*'), "must have only printable ASCII characters without space, \", \\ and *");

    public static TextRule ScopePattern { get; } = TextRule.Naming(
        128, ScopePatternPattern().IsMatch, "must have only printable ASCII characters without space, \" and \\");

    public static TextRule DisplayName { get; } = new(200, OneLine) { Reason = ErrorReason.InvalidName };

    public static TextRule Title { get; } = new(200, OneLine);

    public static TextRule Description { get; } = new(
        1_000, text => text.Any(c => char.IsControl(c) && c != '\n') ? "must not have control characters" : null);

    /// <summary>32 KiB of an image in base64, with what stands before it.</summary>
    public static TextRule Logo { get; } = new(44_000, Images.LogoViolation);

    /// <summary>RFC 7517 section 5, public keys only.</summary>
    public static TextRule Jwks { get; } = new(PublicKeySet.MaxLength, PublicKeySet.Violation);

    /// <summary>RFC 7518 section 3.1, with a key pair only.</summary>
    public static TextRule SignatureAlgorithm { get; } = new(
        16,
        text => SignatureAlgorithms.All.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", SignatureAlgorithms.All)}");

    public static TextRule TokenEndpointAuthMethod { get; } = new(
        64,
        text => TokenEndpointAuthMethods.All.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", TokenEndpointAuthMethods.All)}");

    /// <summary>RFC 4514.</summary>
    public static TextRule DistinguishedName { get; } = TextRule.Matching(
        1_024, text => DistinguishedNames.Canonical(text) is not null, "must be a distinguished name (RFC 4514), like CN=billing,O=Example,C=DE");

    /// <summary>As it stands in certificates, where a port has no place.</summary>
    public static TextRule DnsName { get; } = TextRule.Matching(
        253, text => IsHostName(text) && !text.Contains(':', StringComparison.Ordinal), "must be a host name in lower case, without a wildcard");

    public static TextRule UriName { get; } = TextRule.Matching(
        2_000, text => Uri.TryCreate(text, UriKind.Absolute, out _) && text.All(c => c is > ' ' and <= '~'), "must be an absolute URI in ASCII");

    public static TextRule IpAddress { get; } = TextRule.Matching(
        45,
        text => IPAddress.TryParse(text, out var address) && address.ToString() == text,
        "must be an IP address as RFC 5952 or four decimal numbers spell it, like 2001:db8::1");

    public static TextRule EmailAddress { get; } = TextRule.Matching(
        254, text => EmailPattern().IsMatch(text), "must be an e-mail address in ASCII");

    public static TextRule CertificateAuthorities { get; } = new(CertificateAuthoritySet.MaxLength, CertificateAuthoritySet.Violation);

    public static TextRule WebOrigin { get; } = new(512, Uris.WebOriginViolation);

    public static TextRule WebAddress { get; } = new(2_000, Uris.WebAddressViolation);

    /// <summary>Values of <c>acr</c> and <c>amr</c>, and subjects of providers.</summary>
    public static TextRule Claim { get; } = TextRule.Matching(
        255, text => text.All(c => c is > ' ' and <= '~'), "must have only printable ASCII characters without space");

    /// <summary>A value of a claim of somebody else's.</summary>
    public static TextRule ClaimValue { get; } = new(255, OneLine);

    /// <summary>RFC 5646 section 2.1, as far as it can be told without the registry.</summary>
    public static TextRule Language { get; } = TextRule.Matching(35, LanguagePattern().IsMatch, "must be a language tag, like en or de-CH");

    /// <summary>RFC 8707 section 2.</summary>
    public static TextRule Audience { get; } = new(512, Uris.AudienceViolation);

    public static TextRule RedirectUri { get; } = new(2_000, Uris.RedirectUriViolation);

    public static TextRule Issuer { get; } = new(512, Uris.IssuerViolation);

    public static TextRule Network { get; } = TextRule.Matching(
        64, IsNetwork, "must be a network in CIDR notation without host bits, like 10.0.0.0/8");

    /// <summary>RFC 6749 appendix A.2: what Basic authentication can carry.</summary>
    public static TextRule Secret { get; } = new(
        512,
        text => text.Length < 32 ? "must be at least 32 characters long"
            : text.All(c => c is > ' ' and <= '~') ? null
            : "must have only printable ASCII characters without space");

    /// <summary>RFC 6749 appendix A.1 and A.2: a client id or secret of somebody else's making, so of any length.</summary>
    public static TextRule ForeignCredential { get; } = TextRule.Matching(
        512, text => text.All(c => c is >= ' ' and <= '~'), "must have only printable ASCII characters");

    /// <summary>Types and actions of authorization details: names or addresses (RFC 9396 section 2.1).</summary>
    public static TextRule DetailName { get; } = TextRule.Naming(
        200, text => text.All(c => c is > ' ' and <= '~' and not '"' and not '\\'), "must have only printable ASCII characters without space, \" and \\");

    public static TextRule DetailSchema { get; } = new(
        Common.AuthorizationDetails.DetailSchema.MaxLength, text => Common.AuthorizationDetails.DetailSchema.Read(text).Violation);

    public static TextRule Sha256 { get; } = TextRule.Matching(
        64, Sha256Pattern().IsMatch, "must be the SHA-256 of the secret: 64 lower-case hexadecimal digits");

    private static bool IsHostName(string text) =>
        HostNamePattern().Match(text) is { Success: true } match
        && match.Groups["name"].Length <= 253
        && match.Groups["port"].Value is not ("80" or "443")
        && (!match.Groups["port"].Success || int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) <= ushort.MaxValue);

    /// <remarks>.NET reads 10.0.0.1/8 as 10.0.0.0/8; whoever wrote it may have meant one address.</remarks>
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(IPAddress.Parse(text.AsSpan(0, text.IndexOf('/'))));

    private static string? OneLine(string text) => text.Any(char.IsControl) ? "must be one line without control characters" : null;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex RealmIdPattern();

    // The last label has a letter, so that no IPv4 address is a name.
    [GeneratedRegex(
        @"\A(?<name>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::(?<port>[1-9][0-9]{0,4}))?\z")]
    private static partial Regex HostNamePattern();

    [GeneratedRegex(@"\A(?:(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|\[[0-9a-f:]+\])\z")]
    private static partial Regex RedirectHostPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._~-]*\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._~@+|:=/-]*\z")]
    private static partial Regex UserIdPattern();

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+\z")]
    private static partial Regex PermissionPattern();

    [GeneratedRegex(@"\A[\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex ScopePatternPattern();

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguagePattern();

    [GeneratedRegex(@"\A[!#-?A-Z\[\]-~]+@[A-Za-z0-9][A-Za-z0-9.-]*\z")]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256Pattern();
}
