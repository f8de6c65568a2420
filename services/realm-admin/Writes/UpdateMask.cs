using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Which fields an update changes (AIP-134).</summary>
internal static class UpdateMask
{
    private const string Everything = "*";

    /// <summary>The stored resource with the fields of the sent one that the mask names, or with all where it is empty.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT where the mask names a field that cannot be changed.</exception>
    public static IMessage Apply(ResourceForm form, IMessage stored, IMessage sent, FieldMask? mask, string prefix)
    {
        var merged = stored;
        foreach (var field in Named(form, stored.Descriptor, mask, prefix))
        {
            field.Accessor.Clear(merged);
            Copy(sent, merged, field);
        }

        return merged;
    }

    private static IReadOnlyList<FieldDescriptor> Named(ResourceForm form, MessageDescriptor type, FieldMask? mask, string prefix)
    {
        var mutable = type.Fields.InDeclarationOrder().Where(field => field.Name != form.IdField && !form.NotRead.Contains(field.Name)).ToList();
        if (mask is null || mask.Paths.Count == 0 || mask.Paths is [Everything])
        {
            return mutable;
        }

        var wrong = mask.Paths
            .Select((path, index) => (Path: path, Index: index))
            .Where(item => mutable.All(field => field.Name != item.Path))
            .Select(item => new FieldViolation(
                string.Create(CultureInfo.InvariantCulture, $"{prefix}update_mask.paths[{item.Index}]"),
                $"names no field that can be changed: '{item.Path}'"))
            .ToList();
        return wrong.Count == 0
            ? [.. mutable.Where(field => mask.Paths.Contains(field.Name))]
            : throw new IamException(ErrorReason.InvalidArgument, $"{wrong[0].Field}: {wrong[0].Description}") { Violations = wrong };
    }

    private static void Copy(IMessage from, IMessage to, FieldDescriptor field)
    {
        var value = field.Accessor.GetValue(from);
        if (field.IsMap)
        {
            var target = (IDictionary)field.Accessor.GetValue(to);
            foreach (DictionaryEntry entry in (IDictionary)value)
            {
                target.Add(entry.Key, entry.Value);
            }
        }
        else if (field.IsRepeated)
        {
            var target = (IList)field.Accessor.GetValue(to);
            foreach (var item in (IList)value)
            {
                target.Add(item);
            }
        }
        else if (value is not null && (!field.HasPresence || field.Accessor.HasValue(from)))
        {
            field.Accessor.SetValue(to, value);
        }
    }
}
