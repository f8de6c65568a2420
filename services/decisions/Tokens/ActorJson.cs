using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The <c>act</c> claim: the current actor, and within it those who acted before (RFC 8693 section 4.1).</summary>
internal static class ActorJson
{
    /// <summary>No chain of ours is as long; a realm allows 10 at the most.</summary>
    private const int MaxDepth = 16;

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Principal> actors)
    {
        for (var i = 0; i < actors.Count; i++)
        {
            writer.WriteStartObject(ClaimNames.Actor);
            writer.WriteString(ClaimNames.Subject, actors[i].Id);
            writer.WriteString(ClaimNames.SubjectType, actors[i].Type == MemberType.User ? ClaimNames.UserSubject : ClaimNames.ClientSubject);
        }

        for (var i = 0; i < actors.Count; i++)
        {
            writer.WriteEndObject();
        }
    }

    /// <summary>The <c>may_act</c> claim: one actor (RFC 8693 section 4.4).</summary>
    public static void WriteMayAct(Utf8JsonWriter writer, Principal? mayAct)
    {
        if (mayAct is not { } actor)
        {
            return;
        }

        writer.WriteStartObject(ClaimNames.MayAct);
        writer.WriteString(ClaimNames.Subject, actor.Id);
        writer.WriteString(ClaimNames.SubjectType, actor.Type == MemberType.User ? ClaimNames.UserSubject : ClaimNames.ClientSubject);
        writer.WriteEndObject();
    }

    /// <summary>Reads from the start of the outermost object to its end.</summary>
    /// <exception cref="FormatException">It is nothing that we write.</exception>
    public static IReadOnlyList<Principal> Read(ref Utf8JsonReader reader)
    {
        var actors = new List<Principal>();
        ReadInto(actors, ref reader);
        return actors;
    }

    private static void ReadInto(List<Principal> actors, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject || actors.Count == MaxDepth)
        {
            throw new FormatException("act is no chain of actors");
        }

        var place = actors.Count;
        string? id = null;
        string? type = null;
        actors.Add(default);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "sub":
                    id = reader.GetString();
                    break;
                case "sub_type":
                    type = reader.GetString();
                    break;
                case "act":
                    ReadInto(actors, ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        actors[place] = (id, type) switch
        {
            (not null, ClaimNames.UserSubject) => Principal.User(id),
            (not null, ClaimNames.ClientSubject) => Principal.Client(id),
            _ => throw new FormatException("act names nobody"),
        };
    }
}
