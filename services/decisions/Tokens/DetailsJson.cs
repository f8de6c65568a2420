using System.Text.Json;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The claim <c>authorization_details</c> (RFC 9396 section 9.1).</summary>
internal static class DetailsJson
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<AuthorizationDetail> details)
    {
        if (details.Count > 0)
        {
            writer.WritePropertyName(ClaimNames.AuthorizationDetails);
            AuthorizationDetailList.Write(writer, details);
        }
    }

    /// <exception cref="FormatException">An object without a type: a token that cannot be read in full is none.</exception>
    public static IReadOnlyList<AuthorizationDetail> Read(ref Utf8JsonReader reader)
    {
        List<AuthorizationDetail> details = [];
        foreach (var item in JsonElement.ParseValue(ref reader).EnumerateArray())
        {
            details.Add(AuthorizationDetail.Read(item) ?? throw new FormatException("authorization_details has something else than objects with a type."));
        }

        return details;
    }
}
