using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>The public keys of clients, each client's read once.</summary>
public sealed class ClientKeys
{
    private readonly ConditionalWeakTable<Client, IReadOnlyList<VerificationKey>> _keys = [];

    public IReadOnlyList<VerificationKey> Of(Client client) => _keys.GetValue(client, static client => PublicKeySet.KeysOf(client.Jwks));
}
