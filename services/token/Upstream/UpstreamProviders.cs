using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>What is known of the realms' OpenID providers: metadata and keys, fetched when they are needed and kept for a while.</summary>
public sealed class UpstreamProviders(ProviderHttp http, TimeProvider clock)
{
    private const int MaxProviders = 1_000;
    private const int MinRsaBits = 2048;

    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    /// <summary>Whoever makes up key ids makes us ask the provider this often and no oftener.</summary>
    private static readonly TimeSpan UnknownKeyEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Provider> _providers = new(StringComparer.Ordinal);

    /// <exception cref="ProviderException">It cannot be had.</exception>
    public Task<ProviderMetadata> MetadataAsync(string issuer, CancellationToken cancellationToken) =>
        Of(issuer).Metadata.GetAsync(FreshFor, cancellationToken);

    /// <summary>The keys that may have signed an id token.</summary>
    /// <param name="issuer">The provider.</param>
    /// <param name="keyId">As the token names it, which nobody has verified; null: it does not.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="ProviderException">They cannot be had.</exception>
    public async Task<IReadOnlyList<SecurityKey>> KeysAsync(string issuer, string? keyId, CancellationToken cancellationToken)
    {
        var keys = Of(issuer).Keys;
        var found = Named(await keys.GetAsync(FreshFor, cancellationToken), keyId);
        return found.Count > 0 ? found : Named(await keys.GetAsync(UnknownKeyEvery, cancellationToken), keyId);
    }

    private static List<SecurityKey> Named(IReadOnlyList<SecurityKey> keys, string? keyId) =>
        [.. keys.Where(key => keyId is null || key.KeyId == keyId)];

    private Provider Of(string issuer)
    {
        if (_providers.Count >= MaxProviders)
        {
            _providers.Clear();
        }

        return _providers.GetOrAdd(issuer, NewProvider);
    }

    private Provider NewProvider(string issuer)
    {
        var metadata = new FetchedDocument<ProviderMetadata>(
            async () => ProviderMetadata.Read(issuer, await http.GetAsync(ProviderMetadata.AddressOf(issuer), CancellationToken.None)), clock);
        var keys = new FetchedDocument<IReadOnlyList<SecurityKey>>(
            async () => ReadKeys(await http.GetAsync((await metadata.GetAsync(FreshFor, CancellationToken.None)).JwksUri, CancellationToken.None)), clock);
        return new Provider(metadata, keys);
    }

    /// <summary>Public keys for signatures. A symmetric key in a public place is nobody's.</summary>
    private static IReadOnlyList<SecurityKey> ReadKeys(string json)
    {
        try
        {
            return [.. new JsonWebKeySet(json).GetSigningKeys().Where(key => key is ECDsaSecurityKey || key is RsaSecurityKey { KeySize: >= MinRsaBits })];
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            throw new ProviderException("its key set is none", exception);
        }
    }

    private sealed record Provider(FetchedDocument<ProviderMetadata> Metadata, FetchedDocument<IReadOnlyList<SecurityKey>> Keys);
}
