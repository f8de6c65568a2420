using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Keys;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>
/// Requests whose browsers are at the realm's OpenID provider. Only the hash of <c>state</c> is stored; nonce and code verifier are made of it with
/// a key that every replica has, so that any of them can take the browser back, and a copy of the database helps nobody.
/// </summary>
public sealed class UpstreamStates(Authorizations authorizations, KeyEncryption keys)
{
    private const char Separator = '.';

    private readonly byte[] _key = keys.Derive("pltfrms.iam.token/upstream");

    /// <summary>What to send the browser away with. What it was sent away with before is worth nothing from now on.</summary>
    public async Task<UpstreamState> BeginAsync(FlowContext flow, UpstreamProvider upstream, CancellationToken cancellationToken)
    {
        var state = Of(flow.Realm.RealmId, $"{flow.Open.Handle}{Separator}{OpaqueValue.New()}");
        var progress = flow.Pending.Progress with { UpstreamHash = HashOf(state, upstream), BaseAddress = flow.BaseAddress };
        await authorizations.SaveAsync(flow.Open, progress, cancellationToken);
        return state;
    }

    /// <summary>The request's handle, of a state that nobody has verified.</summary>
    public static string HandleOf(string state) => state.Split(Separator)[0];

    /// <summary>Takes the browser back, once.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where the state is none of this request and provider, or was used.</exception>
    public async Task<(OpenAuthorization Open, UpstreamState State)> TakeAsync(
        OpenAuthorization open, UpstreamProvider upstream, string state, CancellationToken cancellationToken)
    {
        var taken = Of(open.Pending.RealmId, state);
        return open.Pending.Progress.UpstreamHash == HashOf(taken, upstream)
            ? (await authorizations.SaveOnceAsync(open, open.Pending.Progress with { UpstreamHash = null }, cancellationToken), taken)
            : throw Authorizations.Gone();
    }

    private UpstreamState Of(string realmId, string state) => new(state, Derive("nonce", realmId, state), Derive("verifier", realmId, state));

    /// <summary>Of the provider too: what one provider sends is never shown to the one that the realm has had since.</summary>
    private static string HashOf(UpstreamState state, UpstreamProvider upstream) =>
        OpaqueValue.Hash($"{state.State}\n{upstream.Issuer}\n{upstream.ClientId}");

    private string Derive(string use, string realmId, string state) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{use}\0{realmId}\0{state}")));
}
