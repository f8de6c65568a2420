using System.Buffers.Text;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Token.Keys;

namespace Token.Tests.Tokens;

/// <summary>The key of RFC 7515 appendix A.3.1: known to the whole world, so good for tests only.</summary>
internal static class FixedKey
{
    public const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    public const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    public const string KeyId = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

    public static ECParameters Parameters => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    };

    public static SigningKey SigningKey => new(SignatureAlgorithms.Es256, new CurveKey(Parameters));

    public static ECDsa PublicKey() => ECDsa.Create(new ECParameters { Curve = Parameters.Curve, Q = Parameters.Q });
}
