using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>
/// The public keys of registered issuers: as registered, or found below the issuer and kept for a while. Keys that cannot be fetched anew are good for
/// <see cref="KeptFor"/>, and then nobody's: an issuer that is silent may have withdrawn them.
/// </summary>
public sealed class AssertionKeys(ProviderHttp http, TimeProvider clock, ILogger<AssertionKeys> log)
{
    private const int MaxIssuers = 1_000;

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <summary>Whoever makes up key ids makes us ask the issuer this often and no oftener.</summary>
    private static readonly TimeSpan UnknownKeyEvery = TimeSpan.FromSeconds(30);

    private readonly ConditionalWeakTable<AssertionIssuer, IReadOnlyList<VerificationKey>> _registered = [];
    private readonly ConcurrentDictionary<string, FetchedDocument<IReadOnlyList<VerificationKey>>> _discovered = new(StringComparer.Ordinal);

    /// <summary>The keys that may have signed an assertion, each for an algorithm that the issuer is registered with.</summary>
    /// <param name="issuer">No realm.</param>
    /// <param name="keyId">As the assertion names it, which nobody has verified; null: it does not.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">ASSERTION_ISSUER_UNAVAILABLE.</exception>
    public async ValueTask<IReadOnlyList<VerificationKey>> OfAsync(AssertionIssuer issuer, string? keyId, CancellationToken cancellationToken)
    {
        var keys = issuer.Jwks is { } jwks
            ? _registered.GetValue(issuer, _ => PublicKeySet.UsableKeysOf(jwks) ?? [])
            : await DiscoveredAsync(issuer, keyId, cancellationToken);
        return [.. keys.Where(key => issuer.AcceptedAlgorithms.AsSpan().Contains(key.Algorithm))];
    }

    private async Task<IReadOnlyList<VerificationKey>> DiscoveredAsync(AssertionIssuer issuer, string? keyId, CancellationToken cancellationToken)
    {
        try
        {
            var document = Of(issuer.Issuer!);
            var keys = await document.GetAsync(FreshFor, cancellationToken);
            return keyId is null || keys.Any(key => key.KeyId == keyId) ? keys : await document.GetAsync(UnknownKeyEvery, cancellationToken);
        }
        catch (ProviderException exception)
        {
            log.KeysUnavailable(issuer.Issuer!, exception.Message);
            throw new IamException(ErrorReason.AssertionIssuerUnavailable, "The keys of the assertion's issuer cannot be fetched now; try again.", exception)
            {
                Metadata = new Dictionary<string, string> { ["assertion_issuer"] = issuer.Name },
            };
        }
    }

    private FetchedDocument<IReadOnlyList<VerificationKey>> Of(string issuer)
    {
        if (_discovered.Count >= MaxIssuers)
        {
            _discovered.Clear();
        }

        return _discovered.GetOrAdd(issuer, NewDocument);
    }

    /// <summary>Both documents are fetched each time: an issuer that moves its keys says so where it is found.</summary>
    private FetchedDocument<IReadOnlyList<VerificationKey>> NewDocument(string issuer) => new(() => FetchAsync(issuer), clock, KeptFor);

    private async Task<IReadOnlyList<VerificationKey>> FetchAsync(string issuer)
    {
        var address = await IssuerMetadata.KeysAddressAsync(http, issuer);
        return PublicKeySet.UsableKeysOf(await http.GetAsync(address, CancellationToken.None)) ?? throw new ProviderException("its key set is none");
    }
}
