package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Thrown;
import dev.hark.internal.engine.message.Json;
import dev.hark.internal.engine.message.Utf8;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The default: text for String, the bytes for byte[], JSON for all else. Types never come from a message. */
final class JsonCodecs implements Codecs {

    private static final JsonMapper MAPPER = Json.mapper();

    @Override
    @SuppressWarnings("unchecked") // each branch has just checked the type
    public <T> Codec<T> of(Class<T> type) {
        if (type == String.class) {
            return (Codec<T>) Codec.text();
        }
        if (type == byte[].class) {
            return (Codec<T>) Codec.bytes();
        }
        return json(type);
    }

    private static <T> Codec<T> json(Class<T> type) {
        checkOpen(type);
        JavaType javaType = MAPPER.constructType(type);
        ObjectReader reader = MAPPER.readerFor(javaType);
        ObjectWriter writer = MAPPER.writerFor(javaType);
        try {
            MAPPER._serializationContext().findTypedValueSerializer(javaType, true);
            new JsonTypes(MAPPER._deserializationContext(), MAPPER._serializationContext()).check(javaType);
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "bodies of " + type.getName() + " cannot be read or written as JSON: " + Thrown.message(e)
                            + "; give a Codec instead",
                    e);
        }
        return new Codec<>() {
            @Override
            public byte[] encode(T body) {
                byte[] json = writer.writeValueAsBytes(body);
                if (mayHoldHalves(json)) {
                    checkNames(json);
                }
                return json;
            }

            @Override
            public T decode(byte[] bytes) {
                Utf8.check(bytes); // the parser lets some of what is none pass, as other characters
                return reader.readValue(bytes);
            }
        };
    }

    /** Halves of characters are written as escapes, and nothing else is that begins like this. */
    private static boolean mayHoldHalves(byte[] json) {
        for (int i = 0; i + 2 < json.length; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
                return true;
            }
        }
        return false;
    }

    /** In a text they come back as they were; in a name they cannot be read. */
    private static void checkNames(byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            while (parser.nextToken() != null) {
                // names are read on the way
            }
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    "the body has a name with half of a character, which cannot be read: " + Thrown.message(e), e);
        }
    }

    private static void checkOpen(Class<?> type) {
        Module module = type.getModule();
        String pack = type.getPackageName();
        if (module.isNamed()
                && !type.isArray()
                && !type.isPrimitive()
                && !type.getPackageName().startsWith("java.")) {
            Module json = JsonMapper.class.getModule();
            if (!module.isOpen(pack, json)) {
                throw new InvalidInputException("bodies of " + type.getName()
                        + " cannot be read as JSON: add 'opens " + pack + " to "
                        + (json.isNamed() ? json.getName() : "tools.jackson.databind") + ";' to the module-info of "
                        + module.getName());
            }
        }
    }
}
